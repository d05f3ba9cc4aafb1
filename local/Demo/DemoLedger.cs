using Millrace.Inspect;
using Millrace.Store;
using Npgsql;

namespace Millrace.Local.Demo;

/// <summary>The ledger of the demo's queue over all its runs: what <c>/api/v1/verify</c> finds, and that no row was submitted twice.</summary>
internal sealed class DemoLedger(TaskStore store, NpgsqlDataSource database)
{
    private const int MostOffenders = 100;

    private const string RowsSubmittedTwiceSql = """
        WITH every AS (
            SELECT tags, context FROM tasks WHERE queue_name = 'demo'
            UNION ALL
            SELECT tags, context FROM finished_tasks WHERE queue_name = 'demo'
            UNION ALL
            SELECT tags, context FROM dead_letters WHERE queue_name = 'demo'
        )
        SELECT count(*) - count(DISTINCT (tags, context ->> 'row')) FROM every WHERE context IS NOT NULL
        """;

    internal async Task<LedgerFigures> ReadAsync(CancellationToken cancellation)
    {
        var whole = await store.VerifyAsync(MostOffenders, cancellation);
        await using var command = database.CreateCommand(RowsSubmittedTwiceSql);
        var twice = (long)(await command.ExecuteScalarAsync(cancellation))!;
        var books = whole with { Lines = [.. whole.Lines.Where(static line => line.QueueName == DemoStore.Queue)] };
        return LedgerFigures.Of(books.Lines.SingleOrDefault(), LedgerRules.Judge(books).Faults, twice);
    }
}
