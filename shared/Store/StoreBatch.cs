using System.Data;
using Npgsql;

namespace Millrace.Store;

/// <summary>
/// Statements that go to PostgreSQL in one round trip and are one transaction. Where the database's defaults would change what they do, the
/// transaction sets its own first (<see cref="StoreSessions"/>). Whatever fails is a <see cref="NpgsqlException"/>, or the caller's cancellation.
/// </summary>
internal sealed class StoreBatch : IAsyncDisposable
{
    private readonly NpgsqlBatch batch;
    private readonly NpgsqlDataSource? source;
    private readonly StoreSessions sessions;
    private readonly CostMeter costs;

    /// <param name="source">Has the connection for it.</param>
    /// <param name="sessions">What the database's defaults are.</param>
    /// <param name="costs">Counts the statements.</param>
    internal StoreBatch(NpgsqlDataSource source, StoreSessions sessions, CostMeter costs)
        : this(new NpgsqlBatch(), sessions, costs) => this.source = source;

    /// <summary>A part of a transaction, which has set its own settings, a lock time-out among them where it can be done again.</summary>
    internal StoreBatch(NpgsqlConnection connection, StoreSessions sessions, CostMeter costs)
        : this(connection.CreateBatch(), sessions, costs)
    {
    }

    private StoreBatch(NpgsqlBatch batch, StoreSessions sessions, CostMeter costs) => (this.batch, this.sessions, this.costs) = (batch, sessions, costs);

    /// <summary>The parameters of the statement that was added last.</summary>
    internal NpgsqlParameterCollection Parameters => batch.BatchCommands[^1].Parameters;

    /// <summary>How long the statements may take together.</summary>
    internal TimeSpan Patience
    {
        set => batch.Timeout = (int)value.TotalSeconds;
    }

    private CommandBehavior Behavior => source is null ? CommandBehavior.Default : CommandBehavior.CloseConnection;

    /// <summary>Adds a statement; returns its parameters.</summary>
    internal NpgsqlParameterCollection Add(string sql)
    {
        costs.Add(CostKind.SqlStatements);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        return Parameters;
    }

    internal Task<NpgsqlDataReader> ExecuteReaderAsync(CancellationToken cancellation) =>
        ExecuteAsync(() => batch.ExecuteReaderAsync(Behavior, cancellation), cancellation);

    /// <summary>Returns how many rows were changed.</summary>
    internal async Task<int> ExecuteNonQueryAsync(CancellationToken cancellation)
    {
        var changed = await ExecuteAsync(() => batch.ExecuteNonQueryAsync(cancellation), cancellation);
        await LetGoAsync();
        return changed;
    }

    /// <summary>Returns the first value of the first row; null when there is none.</summary>
    internal async Task<object?> ExecuteScalarAsync(CancellationToken cancellation)
    {
        var value = await ExecuteAsync(() => batch.ExecuteScalarAsync(cancellation), cancellation);
        await LetGoAsync();
        return value;
    }

    public async ValueTask DisposeAsync()
    {
        await batch.DisposeAsync();
        await LetGoAsync();
    }

    /// <summary>Others wait for the connection. A reader lets it go by itself.</summary>
    private ValueTask LetGoAsync() => source is not null && batch.Connection is { } connection ? connection.DisposeAsync() : ValueTask.CompletedTask;

    private async Task<T> ExecuteAsync<T>(Func<Task<T>> execute, CancellationToken cancellation)
    {
        try
        {
            if (source is not null)
            {
                batch.Connection = await source.OpenConnectionAsync(cancellation);
                Pin();
            }

            var answer = await execute();
            sessions.Answered();
            return answer;
        }
        catch (Exception exception) when (sessions.Saw(exception, mayBeImpatient: source is null) is { } failure)
        {
            if (ReferenceEquals(failure, exception))
            {
                throw;
            }

            throw failure;
        }
    }

    /// <summary>Only an open connection has been asked for its defaults: it may be the first, or the first since they were changed.</summary>
    private void Pin()
    {
        if (sessions.Pins is not { Count: > 0 } pins)
        {
            return;
        }

        foreach (var (place, pin) in pins.Prepend(StoreSessions.BeginPinned).Index())
        {
            batch.BatchCommands.Insert(place, new NpgsqlBatchCommand(pin));
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
    }
}
