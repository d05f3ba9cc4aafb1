using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Store;

/// <summary>Cancel against those who change the same task at the same moment.</summary>
public sealed class CancelRaceTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Tasks = 200;

    private readonly TaskStore store = database.Store;

    [Fact]
    public async Task A_cancel_that_waited_for_a_claim_sees_the_claim()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var given = new Given(store);
        var task = await given.SubmittedAsync();
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Claims.MakeAsync(connection, task, given.Queue);

        var cancel = store.CancelAsync(task, cancellation);
        await database.UntilSomebodyWaitsAsync();
        await transaction.CommitAsync(cancellation);

        Assert.Equal(CancelEffect.Requested, await cancel);
    }

    [Fact]
    public async Task Of_a_claim_and_a_cancel_at_once_no_task_is_missed_or_doubled()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var given = new Given(store);
        List<NewTask> tasks = [.. Enumerable.Range(0, Tasks).Select(_ => given.NewTask())];
        await store.SubmitAsync(tasks, cancellation);

        var claims = Task.Run(
            async () =>
            {
                while (await store.ClaimTicketAsync(given.Queue, 5, Given.Limits, cancellation) is not null)
                {
                }
            },
            cancellation);
        var effects = await Task.WhenAll(tasks.Chunk(Tasks / 4).Select(part => Task.Run(
            async () =>
            {
                List<CancelEffect> found = [];
                foreach (var task in part)
                {
                    found.Add(await store.CancelAsync(task.Id, cancellation));
                }

                return found;
            },
            cancellation)));
        await claims;

        var all = effects.SelectMany(static e => e).ToList();
        Assert.DoesNotContain(CancelEffect.None, all);
        Assert.Equal(
            all.Count(static e => e == CancelEffect.Requested),
            await database.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1 AND cancel_requested", given.Queue));
        Assert.Equal(
            all.Count(static e => e == CancelEffect.Finished),
            await database.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE queue_name = $1", given.Queue));
    }

    [Fact]
    public async Task Of_two_retries_at_once_one_moves_the_dead_letter()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var given = new Given(store);
        var task = await given.InAsync(TaskState.Failed);

        var retried = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.RetryDeadLettersAsync([task], Revival.Unchanged, cancellation)));

        Assert.Equal([new QueueCount(given.Queue, 1)], retried.SelectMany(static r => r));
        Assert.Equal(1, (await store.FindAsync(task, cancellation))!.Replays);
    }

    [Fact]
    public async Task A_cancel_request_wins_over_a_retry_that_comes_after_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var given = new Given(store);
        var task = await given.SubmittedAsync();
        var ticket = await given.StartedAsync();
        await store.CancelAsync(task, cancellation);

        var unchanged = await given.AppliedAsync(ticket, task, Given.Failed(TimeSpan.Zero));

        Assert.Equal([task], unchanged);
        Assert.Equal(TaskState.Running, (await store.FindAsync(task, cancellation))!.State);
    }

    [Fact]
    public async Task A_cancel_that_came_before_the_last_failure_is_written_wins_over_the_death()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var given = new Given(store);
        var (tired, wrong) = (await given.SubmittedAsync(), await given.SubmittedAsync());
        var ticket = await given.StartedAsync();
        await store.CancelAsync(tired, cancellation);
        await store.CancelAsync(wrong, cancellation);
        var error = new TaskError("broken", "It broke.");

        Assert.Equal([tired], await given.AppliedAsync(ticket, tired, new Transition.Bury(DeathReason.Exhausted, error)));
        Assert.Empty(await given.AppliedAsync(ticket, wrong, new Transition.Bury(DeathReason.Rejected, error)));
    }
}
