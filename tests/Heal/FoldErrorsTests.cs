using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Heal;

/// <summary>Handlers that make up an error for each task do not make a row of the books for each, and every sum stays exact.</summary>
public sealed class FoldErrorsTests : IAsyncLifetime
{
    private const int Errors = 2_000;
    private const int MostNamed = 50;

    private Place place = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => place = await Place.NewAsync();

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [Fact]
    public async Task Two_thousand_errors_of_one_type_are_fifty_in_the_books_and_the_others_together()
    {
        await FailAsync("err", Errors);
        await FoldAsync();
        await FailAsync("later", 10);
        await FoldAsync();

        foreach (var table in (string[])["counter_totals", "counters", "counter_sums"])
        {
            Assert.Equal(MostNamed + 1, await place.ScalarAsync<long>($"SELECT count(DISTINCT label) FROM {table} WHERE event = 'failed'"));
        }

        Assert.Equal(Errors + 10, await place.ScalarAsync<long>("SELECT sum(count)::bigint FROM counter_totals WHERE event = 'failed'"));
        Assert.Equal(Errors + 10 - MostNamed, await place.ScalarAsync<long>("SELECT sum(count)::bigint FROM counter_totals WHERE event = 'failed' AND label = 'other'"));
        var ledger = LedgerRules.Judge(await place.Store.VerifyAsync(100, Cancellation));
        Assert.Empty(ledger.Faults);
        Assert.Equal(Errors + 10, ledger.Queues.Sum(static queue => queue.Failed));
        var (totals, _, _) = await place.Store.MetricsAsync(TimeSpan.FromSeconds(15), 100, Cancellation);
        Assert.Equal(MostNamed + 1, totals.Where(static total => total.Event == "failed").Select(static total => total.Label).Distinct().Count());
    }

    [Fact]
    public async Task Before_they_are_folded_the_page_of_metrics_has_no_more_of_them()
    {
        await FailAsync("err", Errors);
        using var metrics = new MetricsInspector(place.Store, new InspectOptions(), TimeProvider.System);

        var (_, text) = await Answers.ReadAsync(await metrics.GetAsync(Cancellation));

        Assert.Equal(MostNamed + 1, text.Split('\n').Count(static line => line.StartsWith("task_failures_total{", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_name_that_no_sum_has_any_more_gives_its_place_to_a_new_one()
    {
        await FailAsync("old", MostNamed);
        await FoldAsync();
        await place.ExecuteAsync("UPDATE counter_sums SET since = since - interval '31 days'");
        await place.Store.ForgetOldAsync(30, Cancellation);
        await FailAsync("new", 1);
        await FoldAsync();

        Assert.Equal("new-0000 other", await place.ScalarAsync<string>("SELECT string_agg(label, ' ' ORDER BY label) FROM counter_totals WHERE event = 'failed'"));
        Assert.Equal(MostNamed + 1, await place.ScalarAsync<long>("SELECT sum(count)::bigint FROM counter_totals WHERE event = 'failed'"));
        Assert.Empty(LedgerRules.Judge(await place.Store.VerifyAsync(100, Cancellation)).Faults);
    }

    [Fact]
    public async Task The_migration_folds_what_the_books_had_before_and_keeps_the_sums()
    {
        await place.ExecuteAsync("DROP TABLE error_labels");
        await place.ExecuteAsync("DROP FUNCTION history_with");
        await place.ExecuteAsync("""
            INSERT INTO counter_totals (queue_name, type, event, label, count, total_ms)
            SELECT 'q', 'echo', 'retried', 'err-' || n, 1 + n % 7, 3 FROM generate_series(1, 2000) AS n
            """);
        await place.ExecuteAsync("""
            INSERT INTO counters (minute, queue_name, type, event, label, count, total_ms)
            SELECT date_trunc('minute', now()), queue_name, type, event, label, count, total_ms FROM counter_totals
            """);
        await place.ExecuteAsync("""
            INSERT INTO counter_sums (minutes, queue_name, type, since, event, label, count, total_ms)
            SELECT 60, '', t.type, date_trunc('hour', now()), event, label, count, total_ms FROM counter_totals CROSS JOIN (VALUES (''), ('echo')) AS t (type)
            """);
        var before = await SumsAsync();

        await using var stream = typeof(TaskStore).Assembly.GetManifestResourceStream(
            typeof(TaskStore).Assembly.GetManifestResourceNames().Single(static name => name.EndsWith("0015_bounds.sql", StringComparison.Ordinal)))!;
        using var reader = new StreamReader(stream);
        await place.ExecuteAsync(await reader.ReadToEndAsync(Cancellation));

        Assert.Equal(before, await SumsAsync());
        Assert.Equal(MostNamed + 1, await place.ScalarAsync<long>("SELECT count(*) FROM counter_totals"));
        Assert.Equal(MostNamed + 1, await place.ScalarAsync<long>("SELECT count(*) FROM counters"));
        Assert.Equal(2 * (MostNamed + 1), await place.ScalarAsync<long>("SELECT count(*) FROM counter_sums"));
    }

    private Task<string> SumsAsync() => place.ScalarAsync<string>("""
        SELECT concat_ws(' ', (SELECT concat(sum(count), '/', sum(total_ms)) FROM counter_totals), (SELECT concat(sum(count), '/', sum(total_ms)) FROM counters),
                         (SELECT concat(sum(count), '/', sum(total_ms)) FROM counter_sums))
        """);

    /// <summary>So many dead letters, each with an error of its own.</summary>
    private async Task FailAsync(string name, int count)
    {
        var given = new Given(place.Store);
        NewTask[] tasks = [.. Enumerable.Range(0, count).Select(_ => given.NewTask())];
        await place.Store.SubmitAsync(tasks, Cancellation);
        while (await place.Store.ClaimTicketAsync(given.Queue, 1_000, Given.Limits, Cancellation) is { } ticket)
        {
            await place.Store.StartTicketAsync(ticket.Id, Given.Order(given.Executor), Cancellation);
            var held = await place.Store.HeldTasksAsync(ticket.Id, Cancellation);
            var done = tasks.Length - count;
            count -= held.Count;
            Assert.Empty(await place.Store.ApplyAsync(
                ticket.Id, given.Executor,
                [.. held.Select((task, n) => new AttemptResult(task.Id, new Transition.Bury(DeathReason.Rejected, new TaskError($"{name}-{done + n:D4}", "It broke.")), 40, 30, task.Place))],
                Cancellation));
            await place.Store.CloseTicketAsync(ticket.Id, Cancellation);
        }

        Assert.Equal(0, count);
    }

    private async Task FoldAsync()
    {
        while (await place.Store.FoldCountersAsync(10_000, Cancellation) > 0)
        {
        }
    }
}
