using Millrace.Tests.Chaos.Facts;
using Npgsql;

namespace Millrace.Tests.Chaos.Places;

/// <summary>Reads what PostgreSQL holds, past the pipeline and its connections.</summary>
internal static class DatabaseRows
{
    private const string RowsSql = """
        SELECT 'Live', id, '', attempts, NULL::timestamptz, history::text FROM tasks
        UNION ALL SELECT 'Finished', id, outcome::text, attempts, coalesce(pg_xact_commit_timestamp(xmin), finished_at), history::text FROM finished_tasks
        UNION ALL SELECT 'Dead', id, reason::text, attempts, coalesce(pg_xact_commit_timestamp(xmin), died_at), history::text FROM dead_letters
        """;

    private const string ExecutorsSql = "SELECT id, process_id FROM executors";

    private const string LiveSql = "SELECT count(*) FROM tasks WHERE NOT ($1 AND starts_with(queue_name, 'probe'))";

    /// <summary>Tickets that nobody holds and nobody has healed: their lease is long over, their executor is none of the processes $1 that live, or nothing is in them.</summary>
    private const string LeftSql = """
        SELECT k.id::text || ' of queue ' || k.queue_name || ' in state ' || k.state::text
        FROM tickets k LEFT JOIN executors e ON e.id = k.executor_id
        WHERE k.lease_until < now() - interval '15 seconds'
           OR k.state = 'running' AND e.process_id <> ALL ($1)
           OR k.state = 'queued' AND NOT EXISTS (SELECT FROM claims c WHERE c.ticket_id = k.id)
        """;

    internal static async Task<IReadOnlyList<TaskRow>> RowsAsync(string admin, DatabaseClock clock, CancellationToken cancellation) =>
        await ReadAsync(
            admin, RowsSql,
            row => new TaskRow(
                Enum.Parse<RowPlace>(row.GetString(0)), row.GetGuid(1), row.GetString(2), row.GetInt16(3),
                row.IsDBNull(4) ? null : clock.Of(row.GetDateTime(4)), row.IsDBNull(5) ? [] : EndLog.History(row.GetString(5), clock)),
            cancellation);

    internal static async Task<IReadOnlyDictionary<Guid, int>> ExecutorsAsync(string admin, CancellationToken cancellation) =>
        (await ReadAsync(admin, ExecutorsSql, static row => (row.GetGuid(0), row.GetInt32(1)), cancellation)).ToDictionary();

    /// <summary>How many tasks wait or run.</summary>
    internal static async Task<long> LiveAsync(string admin, bool withoutProbes, CancellationToken cancellation) =>
        (await ReadAsync(admin, LiveSql, static row => row.GetInt64(0), cancellation, withoutProbes))[0];

    internal static Task<IReadOnlyList<string>> LeftTicketsAsync(string admin, int[] living, CancellationToken cancellation) =>
        ReadAsync(admin, LeftSql, static row => row.GetString(0), cancellation, living);

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(
        string admin, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object[] values)
    {
        await using var connection = new NpgsqlConnection(admin);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var all = new List<T>();
        while (await rows.ReadAsync(cancellation))
        {
            all.Add(read(rows));
        }

        return all;
    }
}
