using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Store;

/// <summary>An executor that was taken for dead and speaks again has cost nobody anything.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private static readonly TaskError Died = new("crashed", "The process died.");
    private static readonly TaskError Broken = new("broken", "It broke.");
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(4);

    private Place place = null!;
    private TaskStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // In a database of its own: whoever annuls, annuls for all.
        place = await Place.NewAsync();
        store = new TaskStore(place.Source, new CostMeter());
    }

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [Theory]
    [InlineData(nameof(DeathReason.Interrupted))]
    [InlineData(nameof(DeathReason.Poison))]
    public async Task A_task_that_was_buried_for_it_lives_again_with_the_attempts_it_really_had(string reason)
    {
        var (given, task) = await FailedOnceAsync(1);
        await CrashAsync(given, task, new Transition.Bury(Enum.Parse<DeathReason>(reason), Died), isCharged: true);
        await SpeakAsync(given);

        Assert.Equal([given.Queue], await store.AnnulCrashesAsync(Cancellation));

        Assert.Equal("1 0 failed", await StateAsync(task));
        Assert.True(await CleanAsync());
    }

    [Fact]
    public async Task A_task_that_used_its_last_attempt_elsewhere_has_it_back()
    {
        var (given, task) = await FailedOnceAsync(2);
        await CrashAsync(given, task, new Transition.Retry(TimeSpan.Zero, Died, Crashed: true), isCharged: true);
        Assert.Empty(await given.AppliedAsync(await given.StartedAsync(), task, new Transition.Bury(DeathReason.Exhausted, Broken)));
        await SpeakAsync(given);

        await store.AnnulCrashesAsync(Cancellation);

        Assert.Equal("2 0 failed,failed", await StateAsync(task));
        Assert.True(await CleanAsync());
    }

    [Fact]
    public async Task A_task_that_really_died_of_its_own_failures_stays_dead()
    {
        var given = new Given(store);
        var task = await given.SubmittedAsync(static task => task with { Retries = task.Retries with { MaxRetries = 0 } });
        await CrashAsync(given, task, new Transition.Release(null, Crashed: true), isCharged: false);
        Assert.Empty(await given.AppliedAsync(await given.StartedAsync(), task, new Transition.Bury(DeathReason.Exhausted, Broken)));
        await SpeakAsync(given);

        Assert.Empty(await store.AnnulCrashesAsync(Cancellation));

        Assert.Equal(1, await place.ScalarAsync<long>("SELECT count(*) FROM dead_letters"));
    }

    [Fact]
    public async Task A_death_that_was_decided_before_an_attempt_came_back_is_not_written()
    {
        var (given, task) = await FailedOnceAsync(2);
        await CrashAsync(given, task, new Transition.Retry(TimeSpan.Zero, Died, Crashed: true), isCharged: true);
        var ticket = await given.StartedAsync();
        await SpeakAsync(given);
        await store.AnnulCrashesAsync(Cancellation);

        Assert.Equal([task], await given.AppliedAsync(ticket, task, new Transition.Bury(DeathReason.Exhausted, Broken)));

        var claim = Assert.Single(await store.HeldTasksAsync(ticket, Cancellation)).Claim;
        Assert.IsType<Transition.Retry>(AttemptRules.Decide(claim, new AttemptEnd.Threw(Broken)));
    }

    [Fact]
    public async Task Who_has_written_its_own_end_before_the_healer_was_near_no_crash()
    {
        var (given, task) = await FailedOnceAsync(2);
        var ticket = await given.StartedAsync();
        Assert.Empty(await given.AppliedAsync(ticket, task, Given.Failed(TimeSpan.Zero)));

        var refused = await store.ApplyAsync(
            ticket, given.Executor, [new AttemptResult(task, new Transition.Retry(TimeSpan.Zero, Died, Crashed: true), 1, 1, 1)], [(task, true)], Cancellation);

        Assert.Equal([task], refused);
        Assert.Equal(0, await place.ScalarAsync<long>("SELECT count(*) FROM crash_parts"));
    }

    [Fact]
    public async Task Who_was_replayed_since_has_nothing_to_get_back()
    {
        var (given, task) = await FailedOnceAsync(1);
        await CrashAsync(given, task, new Transition.Bury(DeathReason.Interrupted, Died), isCharged: true);
        await store.RetryDeadLettersAsync([task], new Revival(null), Cancellation);
        Assert.Empty(await given.AppliedAsync(await given.StartedAsync(), task, Given.Failed(TimeSpan.Zero)));
        await SpeakAsync(given);

        Assert.Empty(await store.AnnulCrashesAsync(Cancellation));

        Assert.Equal("1 0 failed,crashed,failed", await StateAsync(task));
        Assert.True(await CleanAsync());
    }

    [Fact]
    public async Task An_executor_that_has_a_ticket_of_the_same_number_from_before_the_database_was_put_back_writes_nothing()
    {
        var given = new Given(store);
        var task = await given.SubmittedAsync();
        var ticket = await given.StartedAsync();
        var earlier = new ExecutorId(Guid.CreateVersion7());
        AttemptResult[] end = [new AttemptResult(task, new Transition.Finish(FinishedAs.Succeeded, default), 1, 1, 1)];

        Assert.Equal([task], await store.ApplyAsync(ticket, earlier, end, Cancellation));
        Assert.Empty(await store.ApplyAsync(ticket, given.Executor, end, Cancellation));
    }

    [Fact]
    public async Task A_ticket_of_an_executor_that_speaks_has_one_more_chance_and_no_second()
    {
        var given = new Given(store);
        await given.SubmittedAsync();
        var ticket = await given.StartedAsync();
        await SpeakAsync(given);
        await place.ScalarAsync<long>("WITH u AS (UPDATE tickets SET lease_until = now() - interval '1 second' RETURNING 1) SELECT count(*) FROM u");

        Assert.Empty(await TakeOverAsync());
        await place.ScalarAsync<long>("WITH u AS (UPDATE tickets SET lease_until = now() - interval '1 second' RETURNING 1) SELECT count(*) FROM u");
        Assert.Equal(ticket, Assert.Single(await TakeOverAsync()).Id);
    }

    [Fact]
    public async Task A_beat_waits_for_no_ticket_that_somebody_has_locked()
    {
        var given = new Given(store);
        await given.SubmittedAsync();
        var locked = await given.StartedAsync();
        await given.SubmittedAsync();
        var free = await given.StartedAsync();
        await using (var other = await place.Source.OpenConnectionAsync(Cancellation))
        await using (await other.BeginTransactionAsync(Cancellation))
        {
            await using var hold = other.CreateCommand();
            hold.CommandText = $"SELECT FROM tickets WHERE id = {locked.Value} FOR SHARE";
            await hold.ExecuteNonQueryAsync(Cancellation);

            var answer = store.Beat(Card(given), [locked.Value, free.Value], Given.Lease);
            Assert.Equal([free.Value], answer.Held);
            Assert.Equal([locked.Value], answer.Unknown);
        }

        Assert.Equal([locked.Value, free.Value], store.Beat(Card(given), [locked.Value, free.Value], Given.Lease).Held.Order());
    }

    private Task<IReadOnlyList<LostTicket>> TakeOverAsync() => store.TakeOverAsync(10, Given.Lease, TimeSpan.Zero, Beat, Cancellation);

    /// <summary>A task that has failed once by itself.</summary>
    private async Task<(Given Given, TaskId Task)> FailedOnceAsync(short maxRetries)
    {
        var given = new Given(store);
        var task = await given.SubmittedAsync(task => task with { Retries = task.Retries with { MaxRetries = maxRetries } });
        Assert.Empty(await given.AppliedAsync(await given.StartedAsync(), task, new Transition.Retry(TimeSpan.Zero, Broken, Crashed: false)));
        return (given, task);
    }

    private async Task CrashAsync(Given given, TaskId task, Transition what, bool isCharged)
    {
        var ticket = await given.StartedAsync();
        Assert.Empty(await store.ApplyAsync(ticket, given.Executor, [new AttemptResult(task, what, 1, 1, 1)], [(task, isCharged)], Cancellation));
    }

    private Task SpeakAsync(Given given)
    {
        store.Beat(Card(given), [], Given.Lease);
        return Task.CompletedTask;
    }

    private static ExecutorCard Card(Given given) => new(given.Executor, "host", 1, "1", "active", 32, 0, "{}"u8.ToArray());

    private Task<string> StateAsync(TaskId task) => place.ScalarAsync<string>(
        $"SELECT concat(attempts, ' ', crashes, ' ', (SELECT string_agg(h ->> 'outcome', ',') FROM jsonb_array_elements(history) AS h)) FROM tasks WHERE id = '{task.Value}'");

    private async Task<bool> CleanAsync() => Millrace.Inspect.LedgerRules.Judge(await store.VerifyAsync(10, Cancellation)).Clean;
}
