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

    private static TaskRecord[] Records(int count) =>
        [.. Enumerable.Range(1, count).Select(static place => Attempts.Record("1", "test") with { Place = place })];

    private static TicketRun NewRun(Place place, TicketId ticket, Given given, TaskHandler handler)
    {
        var services = new ServiceCollection().AddSingleton(handler.GetType(), handler).BuildServiceProvider();
        var runner = new AttemptRunner(
            new HandlerRegistry([new HandlerRegistration("test", handler.GetType(), ServiceLifetime.Singleton)]), services,
            new FailureLog(TimeProvider.System, NullLogger<FailureLog>.Instance), NullLogger<AttemptRunner>.Instance);
        return new TicketRun(
            new RunningTicket(ticket, given.Queue, given.Executor), runner,
            new TicketBeginning(place.Store, TimeProvider.System, NullLogger<TicketBeginning>.Instance),
            new TicketLease(TimeSpan.FromMinutes(1), TicketLease.Now(TimeProvider.System), TimeProvider.System), new HandlerPlaces(Attempts.Places(100), given.Queue, Concurrency), mostUnwritten: 1_000);
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
