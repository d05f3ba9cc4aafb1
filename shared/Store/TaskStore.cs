using System.Data;
using Npgsql;

namespace Millrace.Store;

/// <summary>
/// The truth: every statement that reads or writes tasks and tickets, one file per stage. Each method is one round trip
/// and one transaction, and needs no session state, so it works behind PgBouncer in transaction mode.
/// Lock order: a queue's turn, a ticket, its claims, tasks; a claim locks tasks by SKIP LOCKED, so nobody waits in it.
/// </summary>
/// <exception cref="NpgsqlException">From every method, when PostgreSQL does not answer.</exception>
internal sealed partial class TaskStore(NpgsqlDataSource database, CostMeter costs, StoreSessions? known = null)
{
    private readonly StoreSessions sessions = known ?? new(TimeProvider.System);
    private readonly ClaimMarks marks = new(TimeProvider.System);
    private readonly ClaimTurns turns = new(TimeProvider.System);

    /// <summary>One statement.</summary>
    private StoreBatch Command(string sql)
    {
        var batch = NewBatch();
        batch.Add(sql);
        return batch;
    }

    private StoreBatch NewBatch() => new(database, sessions, costs);

    /// <summary>A part of a transaction that <see cref="BeginAsync"/> has begun.</summary>
    private StoreBatch NewBatch(NpgsqlConnection connection) => new(connection, sessions, costs);

    /// <summary>One statement of a transaction that <see cref="BeginAsync"/> has begun.</summary>
    private StoreBatch Command(string sql, NpgsqlConnection connection)
    {
        var batch = NewBatch(connection);
        batch.Add(sql);
        return batch;
    }

    /// <summary>Begins a transaction of several round trips, with the settings that ours need.</summary>
    private async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, IsolationLevel isolation, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(isolation, cancellation);
        await using var batch = NewBatch(connection);
        foreach (var pin in sessions.Pins.Append(SessionDefault.ShortPauses))
        {
            batch.Add(pin.PinSql);
        }

        await batch.ExecuteNonQueryAsync(cancellation);
        return transaction;
    }
}
