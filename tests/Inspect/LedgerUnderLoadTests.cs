using Millrace.Api.Views;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Inspect;

/// <summary>The books agree at every instant, not only when all is quiet.</summary>
public sealed class LedgerUnderLoadTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Rounds = 40;

    private readonly TaskStore store = database.Store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_of_many_looks_during_work_finds_the_ledger_clean()
    {
        var given = new Given(store);
        var work = Task.WhenAll(
            Task.Run(() => ManyAsync(() => SubmitAndCancelAsync(given)), Cancellation),
            Task.Run(() => ManyAsync(() => WorkAsync(given)), Cancellation),
            Task.Run(() => ManyAsync(() => WorkAsync(given)), Cancellation),
            Task.Run(() => ManyAsync(ReplayAndDeleteAsync), Cancellation),
            Task.Run(() => ManyAsync(() => store.FoldCountersAsync(500, Cancellation)), Cancellation));

        do
        {
            await AssertCleanAsync();
        }
        while (!work.IsCompleted);

        await work;
        await AssertCleanAsync();
    }

    private static async Task ManyAsync(Func<Task> once)
    {
        for (var round = 0; round < Rounds; round++)
        {
            await once();
        }
    }

    private async Task SubmitAndCancelAsync(Given given)
    {
        List<NewTask> tasks = [.. Enumerable.Range(0, 20).Select(_ => given.NewTask())];
        await store.SubmitAsync(tasks, Cancellation);
        await Task.WhenAll(tasks.Take(4).Select(t => store.CancelAsync(t.Id, Cancellation)));
    }

    /// <summary>One ticket: a third succeeds, a third is tried again, a third dies.</summary>
    private async Task WorkAsync(Given given)
    {
        if (await store.ClaimTicketAsync(given.Queue, 15, Given.Limits, Cancellation) is not { } ticket
            || await store.StartTicketAsync(ticket.Id, Given.Order(given.Executor), Cancellation) is not { } tasks)
        {
            return;
        }

        Transition[] ends =
        [
            new Transition.Finish(FinishedAs.Succeeded, default),
            Given.Failed(TimeSpan.Zero),
            new Transition.Bury(DeathReason.Rejected, new TaskError("no", "No.")),
        ];
        await store.ApplyAsync(
            ticket.Id, given.Executor, [.. tasks.Select((t, i) => new AttemptResult(t.Id, End(t, ends[i % 3]), 5, 5, t.Place))], Cancellation);
        await store.CloseTicketAsync(ticket.Id, Cancellation);
    }

    private static Transition End(TaskRecord task, Transition wanted) =>
        wanted is Transition.Retry && task.Claim.Attempts == task.Claim.Retries.MaxRetries
            ? new Transition.Finish(FinishedAs.Cancelled, default)
            : wanted;

    private async Task ReplayAndDeleteAsync()
    {
        var dead = (await store.SearchAsync(new TaskFilter { State = TaskState.Failed, Limit = 4 }, 4, Cancellation)).Tasks;
        await Task.WhenAll(dead.Select((t, i) => i % 2 == 0
            ? store.RetryDeadLettersAsync([t.Id], new Revival(i == 0 ? "replayed-here" : null), Cancellation)
            : (Task)store.DeleteDeadLettersAsync([t.Id], Cancellation)));
    }

    private async Task AssertCleanAsync()
    {
        LedgerView ledger = LedgerRules.Judge(await store.VerifyAsync(100, Cancellation));
        Assert.True(ledger.Clean, string.Join('\n', ledger.Faults.Concat(ledger.Offenders.Select(static o => o.Sentence))));
    }
}
