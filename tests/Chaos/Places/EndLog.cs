using System.Text.Json;
using Millrace.Tests.Chaos.Facts;
using Npgsql;

namespace Millrace.Tests.Chaos.Places;

/// <summary>
/// Triggers write down every end, every death that is taken back, and every change of a history, in the transactions that make them. The pipeline may
/// correct its rows later; this log it does not know.
/// </summary>
internal static class EndLog
{
    private const string InstallSql = """
        CREATE SCHEMA chaos;
        CREATE TABLE chaos.notes (n bigint GENERATED ALWAYS AS IDENTITY, what text NOT NULL, id uuid NOT NULL, history jsonb);
        CREATE FUNCTION chaos.note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                INSERT INTO chaos.notes (what, id, history) VALUES (TG_ARGV[0], OLD.id, OLD.history);
            ELSE
                INSERT INTO chaos.notes (what, id, history) VALUES (TG_ARGV[0], NEW.id, NEW.history);
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER chaos_end AFTER INSERT ON public.finished_tasks FOR EACH ROW EXECUTE FUNCTION chaos.note('Finished');
        CREATE TRIGGER chaos_end AFTER INSERT ON public.dead_letters FOR EACH ROW EXECUTE FUNCTION chaos.note('Dead');
        CREATE TRIGGER chaos_undone AFTER DELETE ON public.dead_letters FOR EACH ROW EXECUTE FUNCTION chaos.note('Undone');
        CREATE TRIGGER chaos_history AFTER UPDATE OF history ON public.tasks FOR EACH ROW
            WHEN (NEW.history IS DISTINCT FROM OLD.history) EXECUTE FUNCTION chaos.note('Live');
        """;

    private const string NotesSql = "SELECT what, id, pg_xact_commit_timestamp(xmin), history::text FROM chaos.notes ORDER BY n";

    /// <summary>Once the schema is there.</summary>
    internal static async Task InstallAsync(string admin, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(admin);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(InstallSql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    internal static async Task<(IReadOnlyList<NotedEnd> Ends, IReadOnlyList<NotedLine> Lines)> ReadAsync(
        string admin, DatabaseClock clock, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(admin);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(NotesSql, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        List<NotedEnd> ends = [];
        HashSet<NotedLine> lines = [];
        while (await rows.ReadAsync(cancellation))
        {
            var (what, id, at) = (rows.GetString(0), rows.GetGuid(1), clock.Of(rows.GetDateTime(2)));
            if (Enum.TryParse<RowPlace>(what, out var place) && place != RowPlace.Live)
            {
                ends.Add(new(id, place, at));
            }
            else if (what == "Undone" && ends.FindLastIndex(end => end.Id == id) is >= 0 and var last)
            {
                ends[last] = ends[last] with { UndoneAt = at };
            }

            lines.UnionWith((rows.IsDBNull(3) ? [] : History(rows.GetString(3), clock)).Select(line => new NotedLine(id, line)));
        }

        return (ends, [.. lines]);
    }

    internal static List<HistoryLine> History(string json, DatabaseClock clock)
    {
        using var history = JsonDocument.Parse(json);
        return [.. history.RootElement.EnumerateArray().Select(entry => new HistoryLine(
            entry.GetProperty("attempt").GetInt32(),
            entry.GetProperty("outcome").GetString()!,
            entry.TryGetProperty("executor_id", out var executor) && executor.ValueKind == JsonValueKind.String ? executor.GetGuid() : null,
            entry.TryGetProperty("ended_at", out var ended) && ended.ValueKind == JsonValueKind.String ? clock.Of(ended.GetDateTimeOffset().UtcDateTime) : null))];
    }
}
