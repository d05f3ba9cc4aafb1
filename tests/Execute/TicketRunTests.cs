using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Execute;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Execute;

public sealed class TicketRunTests
{
    private const int Concurrency = 4;

    [Fact]
    public async Task No_more_handlers_of_a_ticket_run_at_a_time_than_its_concurrency()
    {
        var counting = new CountingHandler();
        await using var services = new ServiceCollection().AddSingleton(counting).BuildServiceProvider();
        await using var nowhere = NpgsqlDataSource.Create("Host=nowhere");
        var runner = new AttemptRunner(
            new HandlerRegistry([new HandlerRegistration("count", typeof(CountingHandler), ServiceLifetime.Singleton)]), services,
            new FailureLog(TimeProvider.System, NullLogger<FailureLog>.Instance), NullLogger<AttemptRunner>.Instance);
        var beginning = new TicketBeginning(new TaskStore(nowhere, new CostMeter()), TimeProvider.System, NullLogger<TicketBeginning>.Instance);
        for (var round = 0; round < 1_000; round++)
        {
            var run = new TicketRun(new RunningTicket(new TicketId(1), "test", new ExecutorId(Guid.CreateVersion7())), runner, beginning,
                new TicketLease(TimeSpan.FromMinutes(1), TimeProvider.System), new HandlerPlaces(Attempts.Places(100), "test", Concurrency), mostUnwritten: 1_000);
            run.Begin([.. Enumerable.Range(1, TaskStore.BeginAtOnce).Select(static place => Attempts.Record("1", "count") with { Place = place })], TaskStore.BeginAtOnce);
            for (var ended = 0; ended < TaskStore.BeginAtOnce; ended += run.TakeEnded().Count)
            {
                // The watch, the clearing and the workers themselves start workers, all at the same time.
                Parallel.For(0, 16, _ => run.HelpWhatWaits());
                await run.Ended.WaitAsync(TestContext.Current.CancellationToken);
            }
        }

        Assert.InRange(counting.Most, 2, Concurrency);
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
