using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Execute;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Execute;

public sealed class TicketRunTests
{
    private const int Concurrency = 4;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task No_more_handlers_of_a_ticket_run_at_a_time_than_its_concurrency()
    {
        var counting = new CountingHandler();
        await using var place = await Place.NewAsync();
        var given = new Given(place.Store);
        await given.SubmittedAsync();
        var ticket = await given.StartedAsync();
        for (var round = 0; round < 1_000; round++)
        {
            var run = NewRun(place, ticket, given, counting);
            run.Begin(Records(TaskStore.BeginAtOnce), TaskStore.BeginAtOnce);
            for (var ended = 0; ended < TaskStore.BeginAtOnce; ended += run.TakeEnded().Count)
            {
                // The watch, the clearing and the workers themselves start workers, all at the same time.
                Parallel.For(0, 16, _ => run.HelpWhatWaits());
                await run.Ended.WaitAsync(TestContext.Current.CancellationToken);
            }
        }

        Assert.InRange(counting.Most, 2, Concurrency);
    }

    [Fact]
    public async Task What_counts_as_begun_and_has_no_place_soon_counts_as_waiting_again_and_runs_in_its_turn()
    {
        const int tasks = 10;
        await using var place = await Place.NewAsync();
        var given = new Given(place.Store);
        for (var n = 0; n < tasks; n++)
        {
            await given.SubmittedAsync();
        }

        var ticket = await given.StartedAsync();
        var gates = new GatedHandler();
        var run = NewRun(place, ticket, given, gates);
        run.Begin(Records(tasks), tasks);

        for (var ended = 0; ended < tasks; ended += Concurrency)
        {
            var begun = Math.Min(ended + Concurrency, tasks);
            await place.UntilAsync(
                """
                least(c.last_place, greatest(c.begun_through, (SELECT max(through_place) FROM ticket_begins WHERE ticket_id = c.ticket_id))) = $2
                FROM claims c WHERE c.ticket_id = $1
                """,
                ticket.Value, begun);
            Assert.Equal(begun, gates.Begun);
            gates.Open(begun - ended);
            for (var n = ended; n < begun; n += run.TakeEnded().Count)
            {
                await run.Ended.WaitAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task A_handler_that_is_given_up_while_it_blocks_its_thread_keeps_its_place_in_the_process_until_it_returns()
    {
        await using var place = await Place.NewAsync();
        var given = new Given(place.Store);
        using var blocking = new BlockingHandler();
        var process = Attempts.Places(8);
        var run = NewRun(place, new TicketId(1), given, blocking, process);
        run.Begin(Records(1), 1);
        await blocking.Begun.Task.WaitAsync(Longest, TestContext.Current.CancellationToken);

        run.StopAll(StopReason.TimedOut);
        run.Abandon(Assert.Single(run.Running));
        Assert.Single(run.TakeEnded());
        Assert.Equal(Concurrency, run.FreePlaces);
        Assert.Equal(7, process.FreeFor("another"));

        blocking.Return();
        Assert.True(SpinWait.SpinUntil(() => process.FreeFor("another") == 8, Longest));
    }

    [Fact]
    public async Task A_run_whose_worker_dies_is_lost_so_that_its_lease_ends()
    {
        await using var place = await Place.NewAsync();
        var process = Attempts.Places(8);
        var run = NewRun(place, new TicketId(1), new Given(place.Store), handler: null, process);

        run.Begin(Records(1), 1);

        Assert.True(SpinWait.SpinUntil(() => run.Broken is not null && process.FreeFor("another") == 8, Longest));
        Assert.True(run.Lost && run.IsElsewhere && !run.IsDone);
    }

    private static TaskRecord[] Records(int count) =>
        [.. Enumerable.Range(1, count).Select(static place => Attempts.Record("1", "test") with { Place = place })];

    /// <summary>Without a handler its workers die.</summary>
    private static TicketRun NewRun(Place place, TicketId ticket, Given given, TaskHandler? handler, ProcessPlaces? process = null) => new(
        new RunningTicket(ticket, given.Queue, given.Executor), handler is null ? null! : NewRunner(handler),
        new TicketBeginning(place.Store, TimeProvider.System, NullLogger<TicketBeginning>.Instance),
        new TicketLease(TimeSpan.FromMinutes(1), TicketLease.Now(TimeProvider.System), TimeProvider.System),
        new HandlerPlaces(process ?? Attempts.Places(100), given.Queue, Concurrency), mostUnwritten: 1_000);

    private static AttemptRunner NewRunner(TaskHandler handler)
    {
        var services = new ServiceCollection().AddSingleton(handler.GetType(), handler).BuildServiceProvider();
        return new AttemptRunner(
            new HandlerRegistry([new HandlerRegistration("test", handler.GetType(), ServiceLifetime.Singleton)]), services,
            new FailureLog(TimeProvider.System, NullLogger<FailureLog>.Instance), NullLogger<AttemptRunner>.Instance);
    }

    /// <summary>Blocks the thread that it is called on.</summary>
    private sealed class BlockingHandler : TaskHandler, IDisposable
    {
        private readonly ManualResetEventSlim returns = new();

        internal TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal void Return() => returns.Set();

        public override ValueTask<TaskOutcome> RunAsync(TaskContext context)
        {
            Begun.SetResult();
            returns.Wait(Longest);
            return new(TaskOutcome.Succeeded());
        }

        public void Dispose() => returns.Dispose();
    }

    /// <summary>Holds each task until it is opened for one.</summary>
    private sealed class GatedHandler : TaskHandler
    {
        private readonly SemaphoreSlim gate = new(0);
        private int begun;

        internal int Begun => Volatile.Read(ref begun);

        internal void Open(int count) => gate.Release(count);

        public override async ValueTask<TaskOutcome> RunAsync(TaskContext context)
        {
            Interlocked.Increment(ref begun);
            await gate.WaitAsync(context.Cancellation);
            return TaskOutcome.Succeeded();
        }
    }

    private sealed class CountingHandler : TaskHandler
    {
        private int now;
        private int most;

        internal int Most => most;

        public override async ValueTask<TaskOutcome> RunAsync(TaskContext context)
        {
            var running = Interlocked.Increment(ref now);
            for (var seen = most; running > seen; seen = most)
            {
                Interlocked.CompareExchange(ref most, running, seen);
            }

            for (var i = 0; i < 5; i++)
            {
                await Task.Yield();
            }

            Interlocked.Decrement(ref now);
            return TaskOutcome.Succeeded();
        }
    }
}
