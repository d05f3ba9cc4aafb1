using System.Collections.Concurrent;
using System.Security.Cryptography;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Manage;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Manage;

/// <summary>Bulk actions against those who change the same tasks at the same moment.</summary>
public sealed class BulkRaceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(4);

    private readonly TaskStore store = database.Store;
    private readonly BulkChunks chunks = new(database.Store, static _ => { }, static () => { });
    private readonly ConcurrentBag<TaskId> known = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_verb_against_executors_on_the_same_tasks_never_makes_one_of_them_fail_and_the_books_add_up()
    {
        var given = new Given(store);
        var filter = $$"""{"queue_name": "{{given.Queue}}"}""";
        await Task.WhenAll(
            ManyAsync(() => SubmitAsync(given)),
            ManyAsync(() => WorkAsync(given)),
            ManyAsync(() => WorkAsync(given)),
            ManyAsync(() => WorkAsync(given)),
            ManyAsync(() => AllAsync($$"""{"action": "boost", "filters": {{filter}}}""")),
            ManyAsync(() => AllAsync($$"""{"action": "replay", "filters": {{filter}}}""")),
            ManyAsync(() => AllAsync($$"""{"action": "move", "queue_name": "{{given.Queue}}", "filters": {"queue_name": "{{given.Queue}}-b"} }""")),
            ManyAsync(() => AllAsync($$"""{"action": "move", "queue_name": "{{given.Queue}}-b", "filters": {"queue_name": "{{given.Queue}}", "priority": 10} }""")),
            ManyAsync(() => AllAsync($$"""{"action": "cancel", "filters": {{filter}}}""")));

        Assert.True(LedgerRules.Judge(await store.VerifyAsync(10, Cancellation)).Clean);
        Assert.Equal(0, await database.ScalarAsync<long>("""
            SELECT count(*) FROM (SELECT id FROM tasks UNION ALL SELECT id FROM finished_tasks UNION ALL SELECT id FROM dead_letters) AS a
            GROUP BY id HAVING count(*) > 1 UNION ALL SELECT 0 ORDER BY 1 DESC LIMIT 1
            """));
        Assert.Equal(known.Count, await database.ScalarAsync<long>(
            """
            SELECT count(*) FROM (SELECT queue_name FROM tasks UNION ALL SELECT queue_name FROM finished_tasks UNION ALL SELECT queue_name FROM dead_letters) AS a
            WHERE queue_name IN ($1, $2)
            """,
            given.Queue, given.Queue + "-b"));
    }

    [Fact]
    public async Task Two_executors_that_carry_out_the_same_action_do_each_task_once()
    {
        const int tasks = 2_500;
        var given = new Given(store);
        await store.SubmitAsync([.. Enumerable.Range(0, tasks).Select(_ => given.NewTask())], Cancellation);
        var id = TaskId.New(TimeProvider.System);
        var order = $$"""{"action": "move", "queue_name": "{{given.Queue}}-b", "filters": {"queue_name": "{{given.Queue}}"} }""";

        await Task.WhenAll(CarryOutAsync(id, order), CarryOutAsync(id, order), CarryOutAsync(id, order));

        var end = (await store.FindBulkAsync(id, Cancellation))!;
        Assert.Equal((tasks, tasks), (end.Matched, end.Changed));
        Assert.Equal(tasks, await database.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1", given.Queue + "-b"));
        Assert.Equal(tasks, await database.ScalarAsync<long>("SELECT sum(count)::bigint FROM counter_deltas WHERE event = 'moved' AND queue_name = $1", given.Queue));
    }

    private static Task ManyAsync(Func<Task> once) => Task.Run(
        async () =>
        {
            for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < Long;)
            {
                await once();
            }
        },
        Cancellation);

    private async Task SubmitAsync(Given given)
    {
        List<NewTask> tasks = [.. Enumerable.Range(0, 50).Select(_ => given.NewTask())];
        await store.SubmitAsync(tasks, Cancellation);
        tasks.ForEach(task => known.Add(task.Id));
    }

    /// <summary>One ticket, ended in another order than that of the ids.</summary>
    private async Task WorkAsync(Given given)
    {
        if (await store.ClaimTicketAsync(given.Queue, 100, Given.Limits, Cancellation) is not { } ticket
            || await store.StartTicketAsync(ticket.Id, Given.Order(given.Executor), Cancellation) is not { } tasks)
        {
            return;
        }

        var ends = tasks.Select((task, i) => new AttemptResult(task.Id, End(task, i), 5, 5, task.Place)).ToArray();
        RandomNumberGenerator.Shuffle(ends.AsSpan());
        var left = await store.ApplyAsync(ticket.Id, given.Executor, ends, Cancellation);
        await store.ApplyAsync(
            ticket.Id, given.Executor,
            [.. ends.Where(end => left.Contains(end.Id)).Select(static end => end with { What = new Transition.Finish(FinishedAs.Cancelled, default) })], Cancellation);
        await store.CloseTicketAsync(ticket.Id, Cancellation);
    }

    private static Transition End(TaskRecord task, int n) => (n % 3) switch
    {
        0 => new Transition.Finish(FinishedAs.Succeeded, default),
        1 when task.Claim.Attempts < task.Claim.Retries.MaxRetries => Given.Failed(TimeSpan.Zero),
        _ => new Transition.Bury(DeathReason.Rejected, new TaskError("no", "No.")),
    };

    private Task AllAsync(string order) => CarryOutAsync(TaskId.New(TimeProvider.System), order);

    /// <summary>As the handler does it.</summary>
    private async Task CarryOutAsync(TaskId id, string json)
    {
        var faults = new Submit.Faults();
        var order = BulkOrder.Read(System.Text.Encoding.UTF8.GetBytes(json), BulkRoute.Any, faults);
        Assert.False(faults.Any);
        for (var isDone = false; !isDone;)
        {
            (var next, isDone) = await chunks.NextAsync(id, order, await store.BeginBulkAsync(id, Cancellation), Cancellation);
            isDone &= next is not null;
        }
    }
}
