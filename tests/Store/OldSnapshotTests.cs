using System.Data;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Store;

/// <summary>While somebody holds a snapshot open, what has ended stays in the indexes: nothing that runs all the time may read it again and again.</summary>
public sealed class OldSnapshotTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    /// <summary>By then a claim begins behind a mark.</summary>
    private const int WarmUp = 100;

    private const int Rounds = 300;

    private const int Compared = 50;

    [Fact]
    public async Task Dispatch_passes_claims_and_finishes_read_no_more_when_many_have_ended_under_an_old_snapshot()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var other = await database.Source.OpenConnectionAsync(cancellation);
        await using var snapshot = await other.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var pin = new NpgsqlCommand("SELECT count(*) FROM claims", other, snapshot);
        await pin.ExecuteScalarAsync(cancellation);

        var sessions = new StoreSessions(TimeProvider.System);
        await using var source = Database.Open(database.Options(poolSize: 1), sessions);
        var store = new TaskStore(source, new CostMeter(), sessions);
        var given = new Given(store);
        await given.SubmittedAsync();
        var running = new RunningTicket(await given.StartedAsync(), given.Queue, given.Executor);
        var (passes, claims) = (new List<long>(), new List<long>());
        for (var place = 1; place <= Rounds; place++)
        {
            await given.SubmittedAsync();
            var first = await ClaimEntriesReadAsync(source);
            Assert.True(Assert.Single(await store.QueuesWithWorkAsync([given.Queue], cancellation)).Due);
            var second = await ClaimEntriesReadAsync(source);
            var task = Assert.Single((await store.ClaimMoreAsync(running, new(10, 5, place, 10, Given.AnyTicket), Given.Lease, TimeSpan.Zero, cancellation)).Tasks);
            Assert.Empty(await store.ApplyAsync(
                running.Id, given.Executor, [new(task.Id, new Transition.Finish(FinishedAs.Succeeded, default), 1, 1, place + 1)], cancellation));
            passes.Add(second - first);
            claims.Add(await ClaimEntriesReadAsync(source) - second);
        }

        Assert.NotEqual(0, claims.Sum());
        AssertNoGrowth(passes);
        AssertNoGrowth(claims);
    }

    /// <summary>Medians, for a sweep, which follows twice a second, reads them all.</summary>
    private static void AssertNoGrowth(List<long> read) =>
        Assert.InRange(Median(read.TakeLast(Compared)), 0, Median(read.Skip(WarmUp).Take(Compared)) + Compared);

    private static long Median(IEnumerable<long> figures) => figures.Order().ElementAt(Compared / 2);

    private static async Task<long> ClaimEntriesReadAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("SELECT pg_stat_force_next_flush()");
        await command.ExecuteNonQueryAsync();
        command.CommandText = "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'claims'";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
