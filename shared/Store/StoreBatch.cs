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
    private readonly bool mayBeImpatient;
    private bool isPinned;

    /// <param name="source">Has the connection for it.</param>
    /// <param name="sessions">What the database's defaults are.</param>
    /// <param name="costs">Counts the statements.</param>
    /// <param name="mayBeImpatient">It sets a lock time-out of its own.</param>
    internal StoreBatch(NpgsqlDataSource source, StoreSessions sessions, CostMeter costs, bool mayBeImpatient = false)
        : this(new NpgsqlBatch(), sessions, costs, mayBeImpatient) => this.source = source;

    /// <summary>A part of a transaction, which has set its own settings, a lock time-out among them where it can be done again.</summary>
    internal StoreBatch(NpgsqlConnection connection, StoreSessions sessions, CostMeter costs)
        : this(connection.CreateBatch(), sessions, costs, mayBeImpatient: true)
    {
    }

    private StoreBatch(NpgsqlBatch batch, StoreSessions sessions, CostMeter costs, bool mayBeImpatient) =>
        (this.batch, this.sessions, this.costs, this.mayBeImpatient) = (batch, sessions, costs, mayBeImpatient);

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

    internal async Task<StoreReader> ExecuteReaderAsync(CancellationToken cancellation) =>
        new(await ExecuteAsync(() => batch.ExecuteReaderAsync(Behavior, cancellation), cancellation), sessions, mayBeImpatient);

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
            T answer;
            try
            {
                await OpenAsync(cancellation);
                answer = await execute();
            }
            catch (PostgresException slept) when (source is not null && slept.SqlState == StoreOutage.IdleSessionTimeout)
            {
                // PostgreSQL had ended the session while it lay in the pool. Nothing was done.
                await LetGoAsync();
                await OpenAsync(cancellation);
                answer = await execute();
            }

            sessions.Answered();
            return answer;
        }
        catch (Exception exception) when (sessions.Saw(exception, mayBeImpatient) is { } failure)
        {
            if (ReferenceEquals(failure, exception))
            {
                throw;
            }

            throw failure;
        }
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        if (source is not null)
        {
            batch.Connection = await source.OpenConnectionAsync(cancellation);
            Pin();
        }
    }

    /// <summary>Only an open connection has been asked for its defaults: it may be the first, or the first since they were changed.</summary>
    private void Pin()
    {
        if (isPinned || sessions.Pins is not { Count: > 0 } pins)
        {
            return;
        }

        isPinned = true;

        foreach (var (place, pin) in pins.Select(static pin => pin.PinSql).Prepend(StoreSessions.BeginPinned).Index())
        {
            batch.BatchCommands.Insert(place, new NpgsqlBatchCommand(pin));
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
    }
}
