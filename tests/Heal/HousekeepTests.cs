using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Heal;

/// <summary>Days come and go, the books stay right, and nobody who finishes tasks waits for it.</summary>
public sealed class HousekeepTests : IAsyncLifetime
{
    private const int KeepDays = 30;

    private Place place = null!;
    private TaskStore store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        place = await Place.NewAsync();
        store = new TaskStore(place.Source);
    }

    public ValueTask DisposeAsync() => place.DisposeAsync();

    [Fact]
    public async Task A_day_beyond_the_retention_goes_with_its_tasks_and_is_counted()
    {
        await FinishedLongAgoAsync(3);
        var today = new Given(store);
        await today.InAsync(TaskState.Succeeded);

        Assert.Equal(3, await store.DropOldestPartitionAsync(KeepDays, Cancellation));
        Assert.Null(await store.DropOldestPartitionAsync(KeepDays, Cancellation));

        Assert.Equal(1, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks"));
        var ledger = LedgerRules.Judge(await store.VerifyAsync(100, Cancellation));
        Assert.Empty(ledger.Faults);
        Assert.Equal(3, ledger.Queues.Sum(static queue => queue.Dropped));
    }

    [Fact]
    public async Task The_days_ahead_have_their_partitions_however_often_it_is_asked_for()
    {
        await place.ExecuteAsync("DROP TABLE " + await place.ScalarAsync<string>("SELECT 'finished_tasks_' || to_char(now() AT TIME ZONE 'UTC' + interval '7 days', 'YYYYMMDD')"));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.MakePartitionsAsync(Cancellation)));

        Assert.Equal(8, await place.ScalarAsync<long>("""
            SELECT count(*) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'finished_tasks'::regclass AND c.relname ~ '_[0-9]{8}$'
            """));
    }

    [Fact]
    public async Task Somebody_who_reads_for_long_delays_the_drop_and_not_the_pipeline()
    {
        await FinishedLongAgoAsync(1);
        await using var reading = await place.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await reading.BeginTransactionAsync(Cancellation);
        await using var read = new NpgsqlCommand("SELECT count(*) FROM finished_tasks", reading, transaction);
        await read.ExecuteScalarAsync(Cancellation);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => store.DropOldestPartitionAsync(KeepDays, Cancellation));

        Assert.Equal(PostgresErrorCodes.LockNotAvailable, refused.SqlState);
        await new Given(store).InAsync(TaskState.Succeeded);
        await transaction.RollbackAsync(Cancellation);
        Assert.Equal(1, await store.DropOldestPartitionAsync(KeepDays, Cancellation));
    }

    private async Task FinishedLongAgoAsync(int count)
    {
        await place.ExecuteAsync("CREATE TABLE finished_tasks_20200101 PARTITION OF finished_tasks FOR VALUES FROM ('2020-01-01 00:00+00') TO ('2020-01-02 00:00+00')");
        var given = new Given(store);
        for (var task = 0; task < count; task++)
        {
            await given.InAsync(TaskState.Succeeded);
        }

        await place.ExecuteAsync("UPDATE finished_tasks SET finished_at = '2020-01-01 12:00+00'");
    }
}
