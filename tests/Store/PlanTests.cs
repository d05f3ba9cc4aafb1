using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Store;

/// <summary>PostgreSQL keeps a plan until the tables are analyzed; one that was made while they were empty has to hold when they are full.</summary>
public sealed class PlanTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>After five, PostgreSQL would choose whether to go on planning anew.</summary>
    private const int Times = 8;

    [Fact]
    public async Task What_runs_all_the_time_reads_no_table_whole_even_when_it_was_planned_for_empty_ones()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await database.ExecuteAsync("VACUUM ANALYZE tasks, claims");
        await using var source = Database.Open(new StoreOptions { ConnectionString = database.ConnectionString, PoolSize = 1 });
        var store = new TaskStore(source, new CostMeter());
        var given = new Given(store);
        var before = await WholeReadsAsync(source);
        for (var n = 0; n < Times; n++)
        {
            var (first, second) = (await given.SubmittedAsync(), await given.SubmittedAsync());
            var ticket = await given.StartedAsync();
            var results = new[] { first, second }.Select(static (task, i) => new AttemptResult(task, new Transition.Finish(FinishedAs.Succeeded, default), 1, 1, i + 1));
            Assert.Empty(await store.ApplyAsync(ticket, given.Executor, [.. results], cancellation));
            var third = await given.SubmittedAsync();
            var running = new RunningTicket(ticket, given.Queue, given.Executor);
            Assert.Equal(third, Assert.Single((await store.ClaimMoreAsync(running, new(10, 5, 2, 10), Given.Lease, TimeSpan.Zero, cancellation)).Tasks).Id);
            Assert.Empty(await store.ApplyAsync(ticket, given.Executor, [new(third, Given.Failed(TimeSpan.FromHours(1)), 1, 1, 3)], cancellation));
        }

        Assert.Equal(before, await WholeReadsAsync(source));
    }

    private static async Task<long> WholeReadsAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("SELECT pg_stat_force_next_flush()");
        await command.ExecuteNonQueryAsync();
        command.CommandText = "SELECT sum(seq_scan)::bigint FROM pg_stat_user_tables WHERE relname IN ('tasks', 'claims')";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
