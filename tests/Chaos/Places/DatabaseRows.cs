using System.Text.Json;
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

    private const string LiveSql = "SELECT count(*) FROM tasks WHERE queue_name <> $1";

    /// <summary>Tickets that nobody holds and nobody has healed.</summary>
    private const string LeftSql = """
        SELECT id::text || ' of queue ' || queue_name || ' in state ' || state::text FROM tickets WHERE lease_until < now() - interval '15 seconds'
        """;

    internal static async Task<IReadOnlyList<TaskRow>> RowsAsync(string admin, DatabaseClock clock, CancellationToken cancellation) =>
        await ReadAsync(
            admin, RowsSql,
            row => new TaskRow(
                Enum.Parse<RowPlace>(row.GetString(0)), row.GetGuid(1), row.GetString(2), row.GetInt16(3),
                row.IsDBNull(4) ? null : clock.Of(row.GetDateTime(4)), row.IsDBNull(5) ? [] : History(row.GetString(5))),
            cancellation);

    internal static async Task<IReadOnlyDictionary<Guid, int>> ExecutorsAsync(string admin, CancellationToken cancellation) =>
        (await ReadAsync(admin, ExecutorsSql, static row => (row.GetGuid(0), row.GetInt32(1)), cancellation)).ToDictionary();

    /// <summary>How many tasks wait or run, those of one queue not counted.</summary>
    internal static async Task<long> LiveOtherThanAsync(string admin, string queue, CancellationToken cancellation) =>
        (await ReadAsync(admin, LiveSql, static row => row.GetInt64(0), cancellation, queue))[0];

    internal static Task<long> LiveAsync(string admin, CancellationToken cancellation) => LiveOtherThanAsync(admin, "", cancellation);

    internal static Task<IReadOnlyList<string>> LeftTicketsAsync(string admin, CancellationToken cancellation) =>
        ReadAsync(admin, LeftSql, static row => row.GetString(0), cancellation);

    private static List<HistoryLine> History(string json)
    {
        using var history = JsonDocument.Parse(json);
        return [.. history.RootElement.EnumerateArray().Select(static entry => new HistoryLine(
            entry.GetProperty("attempt").GetInt32(),
            entry.GetProperty("outcome").GetString()!,
            entry.TryGetProperty("executor_id", out var executor) && executor.ValueKind == JsonValueKind.String ? executor.GetGuid() : null))];
    }

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(
        string admin, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params string[] values)
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
