using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Store;

/// <summary>Tasks that were near two crashes: each is claimed by itself, tried, and judged by what was there.</summary>
public sealed class SuspectTests : IAsyncLifetime
{
    private Place place = null!;
    private TaskStore store = null!;
    private Given given = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        place = await Place.NewAsync();
        store = new TaskStore(place.Source, new CostMeter());
        given = new Given(store);
    }

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [Fact]
    public async Task It_is_claimed_only_by_who_had_the_turn_before_the_claim_began()
    {
        await SuspectAsync();
        await using (var connection = await place.Source.OpenConnectionAsync(Cancellation))
        {
            await using var late = connection.CreateCommand();
            late.CommandText = TaskStore.ClaimQuarantineSql;
            late.Parameters.AddWithValue(given.Queue);
            late.Parameters.AddWithValue(Given.Lease);
            Assert.Null(await late.ExecuteScalarAsync(Cancellation));
        }

        Assert.NotNull(await store.ClaimQuarantinedAsync(given.Queue, Given.Lease, Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_trial_convicts_whom_the_process_still_held(bool hasEnded)
    {
        var (suspect, ticket) = await OnTrialAsync();
        if (hasEnded)
        {
            // The word that the trial is over was lost.
            Assert.Empty(await given.AppliedAsync(ticket, suspect, new Transition.Finish(FinishedAs.Succeeded, default)));
            await store.CloseTicketAsync(ticket, Cancellation);
        }

        await given.SubmittedAsync();
        var scene = await store.CrashSceneAsync(given.Executor, await given.StartedAsync(), Cancellation);

        Assert.Equal(hasEnded ? (TaskId?)null : suspect, scene.Culprit);
    }

    [Fact]
    public async Task Who_is_cleared_while_it_waits_in_a_ticket_of_its_own_is_begun_like_any_other()
    {
        var (guilty, _) = await OnTrialAsync();
        var cleared = await SuspectAsync();
        var ticket = await given.ClaimedAsync(quarantined: true);
        await place.ExecuteAsync($"""
            INSERT INTO crash_parts (executor_id, task_id, charged)
            SELECT e.id, t.id, false FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 2) OFFSET 0) AS e
            CROSS JOIN unnest(ARRAY['{guilty.Value}', '{cleared.Value}']::uuid[]) AS t (id)
            """);

        await store.AcquitAsync(guilty, Cancellation);

        var task = Assert.Single(await store.StartTicketAsync(ticket, Given.Order(given.Executor), Cancellation));
        Assert.False(task.IsSuspect);
        Assert.True(Assert.Single(await store.HeldTasksAsync(ticket, Cancellation)).Begun);
        Assert.False(await place.ScalarAsync<bool>($"SELECT quarantine FROM tickets WHERE id = {ticket.Value}"));
    }

    private async Task<(TaskId Task, TicketId Ticket)> OnTrialAsync()
    {
        var suspect = await SuspectAsync();
        var ticket = await given.ClaimedAsync(quarantined: true);
        var task = Assert.Single(await store.StartTicketAsync(ticket, Given.Order(given.Executor), Cancellation));
        await store.BeginTrialAsync(given.Executor, task, Cancellation);
        return (suspect, ticket);
    }

    private async Task<TaskId> SuspectAsync()
    {
        var task = await given.SubmittedAsync();
        await place.ExecuteAsync($"UPDATE tasks SET crashes = 2 WHERE id = '{task.Value}'");
        return task;
    }
}
