using Npgsql;

namespace Millrace.Store;

/// <summary>
/// The truth: every statement that reads or writes tasks and tickets, one file per stage. Each method is one round trip
/// and one transaction, and needs no session state, so it works behind PgBouncer in transaction mode.
/// Lock order: a queue's turn, a ticket, its claims, tasks; a claim locks tasks by SKIP LOCKED, so nobody waits in it.
/// </summary>
/// <exception cref="NpgsqlException">From every method, when PostgreSQL does not answer.</exception>
internal sealed partial class TaskStore(NpgsqlDataSource database, CostMeter costs)
{
    private readonly ClaimMarks marks = new(TimeProvider.System);
    private readonly ClaimTurns turns = new(TimeProvider.System);

    private NpgsqlCommand Command(string sql)
    {
        costs.Add(CostKind.SqlStatements);
        return database.CreateCommand(sql);
    }

    /// <summary>For a transaction.</summary>
    private NpgsqlCommand Command(string sql, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        costs.Add(CostKind.SqlStatements);
        return new NpgsqlCommand(sql, connection, transaction);
    }

    /// <summary>For a batch.</summary>
    private NpgsqlBatchCommand Statement(string sql)
    {
        costs.Add(CostKind.SqlStatements);
        return new NpgsqlBatchCommand(sql);
    }
}
