using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Telemetry;
using Millrace.Tests.Support;

namespace Millrace.Tests.Telemetry;

public sealed class CostTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_process_writes_twice_a_minute_at_most_and_what_is_left_at_its_end()
    {
        var clock = new FakeTimeProvider();
        var meter = new CostMeter();
        await using (var keeper = new CostKeeper(new TaskStore(database.Source, meter), meter, clock, NullLogger<CostKeeper>.Instance))
        {
            keeper.Ran(isOfMessage: false);
            clock.Advance(TimeSpan.FromSeconds(29));
            keeper.Ran(isOfMessage: true);
            Assert.Equal([], await CostsAsync());

            clock.Advance(TimeSpan.FromSeconds(1));
            keeper.Ran(isOfMessage: true);
            await UntilAsync(static costs => costs.GetValueOrDefault("function_runs") == 3);
            keeper.Ran(isOfMessage: false);
        }

        var costs = await CostsAsync();
        Assert.Equal((4, 4), (costs["function_runs"], costs["storage_queue_calls"]));
        Assert.Equal(1, costs["sql_statements"]);
        Assert.InRange(costs["wal_bytes"], 1, 1L << 30);
    }

    [Fact]
    public async Task A_host_tells_what_its_tasks_cost()
    {
        await using var place = await Place.NewAsync();
        await using (var host = await PipelineHost.StartAsync(place))
        {
            var work = new Work(place, host.Client);
            host.Scripts[work.Queue] = static _ => new(TaskOutcome.Succeeded());
            await work.SubmitManyAsync(20);
            await work.UntilDoneAsync();
        }

        // A request and the run of a ticket at least; of the ticket a put, a get and a delete.
        var cost = (await place.Store.DashboardAsync(60, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).Costs;
        Assert.InRange(cost["function_runs"], 2, 1_000);
        Assert.InRange(cost["storage_queue_calls"], 3, 1_000);
        Assert.InRange(cost["sql_statements"], 5, 2_000);
        Assert.InRange(cost["wal_bytes"], 20 * 200, 1L << 30);
    }

    private async Task<Dictionary<string, long>> CostsAsync()
    {
        Dictionary<string, long> costs = [];
        await using var command = database.Source.CreateCommand("SELECT kind, sum(amount)::bigint FROM costs GROUP BY kind");
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            costs[rows.GetString(0)] = rows.GetInt64(1);
        }

        return costs;
    }

    private async Task UntilAsync(Func<Dictionary<string, long>, bool> holds)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds(await CostsAsync()))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "The costs are not written.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
