using Npgsql;

namespace Millrace.Store;

/// <summary>
/// Statements that go to PostgreSQL in one round trip and are one transaction. Where the database's defaults would change what they do, the
/// transaction sets its own first (<see cref="StoreSessions"/>). Whatever fails is a <see cref="NpgsqlException"/>, or the caller's cancellation.
/// </summary>
internal sealed class StoreBatch : IAsyncDisposable
{
    private readonly NpgsqlBatch batch;
    private readonly StoreSessions sessions;
    private readonly CostMeter costs;
    private readonly bool isPinned;

    /// <param name="batch">An empty batch.</param>
    /// <param name="sessions">What the database's defaults are.</param>
    /// <param name="costs">Counts the statements.</param>
    /// <param name="isWhole">False for a part of a transaction, which has set its own settings.</param>
    internal StoreBatch(NpgsqlBatch batch, StoreSessions sessions, CostMeter costs, bool isWhole = true)
    {
        (this.batch, this.sessions, this.costs) = (batch, sessions, costs);
        var pins = sessions.Pins;
        isPinned = isWhole && pins.Count > 0;
        if (isPinned)
        {
            AddPlain(StoreSessions.BeginPinned);
            foreach (var pin in pins)
            {
                AddPlain(pin);
            }
        }
    }

    /// <summary>The parameters of the statement that was added last.</summary>
    internal NpgsqlParameterCollection Parameters => batch.BatchCommands[^1].Parameters;

    /// <summary>How long the statements may take together.</summary>
    internal TimeSpan Patience
    {
        set => batch.Timeout = (int)value.TotalSeconds;
    }

    /// <summary>Adds a statement; returns its parameters.</summary>
    internal NpgsqlParameterCollection Add(string sql)
    {
        costs.Add(CostKind.SqlStatements);
        AddPlain(sql);
        return Parameters;
    }

    internal Task<NpgsqlDataReader> ExecuteReaderAsync(CancellationToken cancellation) => ExecuteAsync(() => batch.ExecuteReaderAsync(cancellation));

    /// <summary>Returns how many rows were changed.</summary>
    internal Task<int> ExecuteNonQueryAsync(CancellationToken cancellation) => ExecuteAsync(() => batch.ExecuteNonQueryAsync(cancellation));

    /// <summary>Returns the first value of the first row; null when there is none.</summary>
    internal Task<object?> ExecuteScalarAsync(CancellationToken cancellation) => ExecuteAsync(() => batch.ExecuteScalarAsync(cancellation));

    public ValueTask DisposeAsync() => batch.DisposeAsync();

    private async Task<T> ExecuteAsync<T>(Func<Task<T>> execute)
    {
        if (isPinned)
        {
            AddPlain("COMMIT");
        }

        try
        {
            var answer = await execute();
            sessions.Answered();
            return answer;
        }
        catch (Exception exception) when (sessions.Saw(exception) is { } failure)
        {
            if (ReferenceEquals(failure, exception))
            {
                throw;
            }

            throw failure;
        }
    }

    private void AddPlain(string sql) => batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
}
