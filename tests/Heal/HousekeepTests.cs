using Microsoft.Extensions.DependencyInjection;
using Millrace.Heal;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
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
        store = new TaskStore(place.Source, new CostMeter());
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

    [Fact]
    public async Task A_replay_that_stands_in_the_way_of_a_drop_goes_first()
    {
        await FinishedLongAgoAsync(1);
        var day = await place.ScalarAsync<string>("SELECT min(tableoid::regclass::text) FROM finished_tasks");
        await using var replay = await place.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await replay.BeginTransactionAsync(Cancellation);
        await using var table = new NpgsqlCommand("LOCK TABLE ONLY finished_tasks IN ROW EXCLUSIVE MODE", replay, transaction);
        await table.ExecuteNonQueryAsync(Cancellation);
        var drop = store.DropOldestPartitionAsync(KeepDays, Cancellation);
        await place.UntilAsync("EXISTS (SELECT FROM pg_locks WHERE relation = 'finished_tasks'::regclass AND NOT granted)");

        // Each waits for the other now; a deadlock would be seen after a second.
        await using var rows = new NpgsqlCommand($"LOCK TABLE {day} IN ROW EXCLUSIVE MODE", replay, transaction);
        await rows.ExecuteNonQueryAsync(Cancellation);

        Assert.Equal(PostgresErrorCodes.LockNotAvailable, (await Assert.ThrowsAsync<PostgresException>(() => drop)).SqlState);
        await transaction.CommitAsync(Cancellation);
        Assert.Equal(1, await store.DropOldestPartitionAsync(KeepDays, Cancellation));
    }

    [Fact]
    public async Task What_is_replayed_while_its_day_is_dropped_is_live_or_dropped_and_never_both()
    {
        const int Tasks = 40;
        await FinishedLongAgoAsync(Tasks);
        await using var read = place.Source.CreateCommand("SELECT id FROM finished_tasks ORDER BY id");
        List<TaskId> ids = [];
        await using (var rows = await read.ExecuteReaderAsync(Cancellation))
        {
            while (await rows.ReadAsync(Cancellation))
            {
                ids.Add(new TaskId(rows.GetGuid(0)));
            }
        }

        var replays = Enumerable.Range(0, 4).Select(async way =>
        {
            foreach (var id in way % 2 == 0 ? ids : Enumerable.Reverse(ids))
            {
                await store.RerunAsync([id], new Revival(null, null, null), Cancellation);
            }
        });
        await Task.WhenAll([.. replays, DropAsync()]);

        var ledger = LedgerRules.Judge(await store.VerifyAsync(100, Cancellation));
        Assert.Empty(ledger.Faults);
        Assert.Equal(Tasks, await place.ScalarAsync<long>("SELECT count(*) FROM tasks") + ledger.Queues.Sum(static queue => queue.Dropped));
    }

    [Fact]
    public async Task A_result_is_shown_for_as_long_as_its_submitter_wants_and_then_removed()
    {
        var given = new Given(store);
        var id = await given.SubmittedAsync(static task => task with { ResultTtlSeconds = 3_600 });
        var ticket = await given.StartedAsync();
        await given.AppliedAsync(ticket, id, new Transition.Finish(FinishedAs.Succeeded, "{\"n\":1.0}"u8.ToArray()));

        Assert.Equal("{\"n\":1.0}"u8.ToArray(), (await store.FindAsync(id, Cancellation))!.Result);
        Assert.Equal(0, await store.RemoveExpiredResultsAsync(10, Cancellation));

        await place.ExecuteAsync("UPDATE finished_tasks SET result_expires_at = now()");
        Assert.Null((await store.FindAsync(id, Cancellation))!.Result);

        Assert.Equal(1, await store.RemoveExpiredResultsAsync(10, Cancellation));
        Assert.Equal(0, await store.RemoveExpiredResultsAsync(10, Cancellation));
        Assert.True(await place.ScalarAsync<bool>("SELECT result IS NULL AND result_expires_at IS NOT NULL FROM finished_tasks"));
    }

    [Fact]
    public async Task Housekeep_forgets_keys_results_and_bulk_actions_whose_time_is_over()
    {
        await using var host = await PipelineHost.StartAsync(place, new Dictionary<string, string> { ["Millrace__Heal__KeepKeysHours"] = "5" });
        var given = new Given(store);
        var id = await given.SubmittedAsync(static task => task with { ResultTtlSeconds = 0, Keys = [new("request", "old", [1])] });
        var ticket = await given.StartedAsync();
        await given.AppliedAsync(ticket, id, new Transition.Finish(FinishedAs.Succeeded, "1"u8.ToArray()));
        await place.ExecuteAsync("UPDATE idempotency_keys SET created_at = now() - interval '6 hours'");
        await given.SubmittedAsync(static task => task with { DelaySeconds = 600, Keys = [new("request", "young", [1])] });
        await place.ExecuteAsync("INSERT INTO bulk_actions (id, created_at) VALUES (gen_random_uuid(), now() - interval '31 days'), (gen_random_uuid(), now())");

        await host.Services.GetRequiredService<TaskHealer>().HousekeepAsync(Cancellation);

        Assert.Equal("young", await place.ScalarAsync<string>("SELECT string_agg(key, ' ') FROM idempotency_keys"));
        Assert.Equal(1, await place.ScalarAsync<long>("SELECT count(*) FROM bulk_actions"));
        Assert.True(await place.ScalarAsync<bool>("SELECT result IS NULL FROM finished_tasks"));
    }

    /// <summary>Until nobody stands in the way any more.</summary>
    private async Task DropAsync()
    {
        while (true)
        {
            try
            {
                await store.DropOldestPartitionAsync(KeepDays, Cancellation);
                return;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                // A replay goes first.
            }
        }
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
