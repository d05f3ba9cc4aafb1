using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Store;

/// <summary>A task that fails again and again keeps its first attempt and the last ones, and says how many are left out.</summary>
public sealed class HistoryBoundsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int MostEntries = 50;
    private const int MostBytes = 131_072;

    private readonly TaskStore store = database.Store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100, 10)]
    [InlineData(60, 8_000)]
    public async Task The_history_of_a_task_that_is_retried_and_replayed_is_bounded_in_entries_and_bytes(int rounds, int traceLength)
    {
        var given = new Given(store);
        var task = await given.SubmittedAsync(static one => one with { Retries = new RetryPolicy(1, 0, 1, 0) });
        for (var round = 0; round < rounds; round++)
        {
            var ticket = await given.StartedAsync();
            var error = new TaskError($"error_{round}", "It broke.", new string((char)('a' + (round % 26)), traceLength));
            Assert.Empty(await given.AppliedAsync(ticket, task, new Transition.Bury(DeathReason.Rejected, error)));
            await store.CloseTicketAsync(ticket, Cancellation);
            await store.RetryDeadLettersAsync([task], new Revival(null, null, null), Cancellation);
        }

        var history = (await store.FindAsync(task, Cancellation))!.History;
        Assert.InRange(history.Count, 3, MostEntries);
        Assert.Equal(("error_0", $"error_{rounds - 1}"), (history[0].ErrorType, history[^1].ErrorType));
        Assert.Equal(("omitted", (long?)(rounds - history.Count + 1)), (history[1].Outcome, history[1].Omitted));
        Assert.Equal(
            Enumerable.Range(rounds - history.Count + 2, history.Count - 2).Select(static n => $"error_{n}"), history.Skip(2).Select(static entry => entry.ErrorType));
        Assert.InRange(await database.ScalarAsync<int>("SELECT octet_length(history::text) FROM tasks WHERE id = $1", task.Value), 1, MostBytes + 4_096);
    }

    [Fact]
    public async Task What_is_rerun_after_its_success_again_and_again_is_bounded_too()
    {
        var given = new Given(store);
        var task = await given.EndedAsync(new Transition.Finish(FinishedAs.Succeeded, "1"u8.ToArray()));
        for (var round = 0; round < 70; round++)
        {
            await store.RerunAsync([task], new Revival(null, null, null), Cancellation);
            var ticket = await given.StartedAsync();
            Assert.Empty(await given.AppliedAsync(ticket, task, new Transition.Finish(FinishedAs.Succeeded, "1"u8.ToArray())));
            await store.CloseTicketAsync(ticket, Cancellation);
        }

        var history = (await store.FindAsync(task, Cancellation))!.History;
        Assert.Equal((MostEntries, 21L), (history.Count, history[1].Omitted));
    }
}
