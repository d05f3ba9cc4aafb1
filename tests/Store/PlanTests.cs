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

    private readonly StoreSessions sessions = new(TimeProvider.System);

    [Fact]
    public async Task What_runs_all_the_time_reads_no_table_whole_even_when_it_was_planned_for_empty_ones()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var source = await EmptyAsync();
        var store = new TaskStore(source, new CostMeter(), sessions);
        var given = new Given(store);
        var before = await WholeReadsAsync(source);
        for (var n = 0; n < Times; n++)
        {
            if (n == Times - 1)
            {
                await AddManyAsync();
            }

            var read = await EntriesReadAsync(source);
            var (first, second) = (await given.SubmittedAsync(), await given.SubmittedAsync());
            var ticket = await given.StartedAsync();
            var results = new[] { first, second }.Select(static (task, i) => new AttemptResult(task, new Transition.Finish(FinishedAs.Succeeded, default), 1, 1, i + 1));
            Assert.Empty(await store.ApplyAsync(ticket, given.Executor, [.. results], cancellation));
            var third = await given.SubmittedAsync();
            var running = new RunningTicket(ticket, given.Queue, given.Executor);
            Assert.Equal(third, Assert.Single((await store.ClaimMoreAsync(running, new(10, 5, 2, 10, Given.AnyTicket), Given.Lease, TimeSpan.Zero, cancellation)).Tasks).Id);
            Assert.Empty(await store.ApplyAsync(ticket, given.Executor, [new(third, Given.Failed(TimeSpan.FromHours(1)), 1, 1, 3)], cancellation));
            Assert.InRange(await EntriesReadAsync(source) - read, 0, 500);
        }

        Assert.Equal(before, await WholeReadsAsync(source));
    }

    [Fact]
    public async Task Submission_under_keys_reads_no_table_whole_even_when_it_was_planned_for_empty_ones()
    {
        await using var source = await EmptyAsync();
        var store = new TaskStore(source, new CostMeter(), sessions);
        var given = new Given(store);
        var before = await WholeReadsAsync(source);
        for (var n = 0; n < Times; n++)
        {
            if (n == Times - 1)
            {
                await AddManyAsync();
                await database.ExecuteAsync("INSERT INTO idempotency_keys (scope, key, task_id, request_hash) SELECT 'others', n::text, uuidv7(), '' FROM generate_series(1, 5000) AS n");
            }

            var read = await EntriesReadAsync(source);
            NewTask[] tasks = [.. Enumerable.Range(0, 20).Select(i => given.NewTask() with { Keys = [new IdempotencyKey(given.Queue, $"{n}-{i / 2}", [1])] })];
            Assert.Equal(10, (await store.SubmitAsync(tasks, TestContext.Current.CancellationToken)).Clashes!.Count);
            Assert.InRange(await EntriesReadAsync(source) - read, 0, 500);
        }

        Assert.Equal(before, await WholeReadsAsync(source));
    }

    [Fact]
    public async Task A_look_at_one_task_starts_no_other_process_even_when_that_looks_cheap()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var task = await new Given(database.Store).SubmittedAsync();
        await using var source = Database.Open(database.Options(poolSize: 1), sessions);
        await using (var eager = source.CreateCommand("SELECT set_config(name, 'on', false) FROM pg_settings WHERE name IN ('debug_parallel_query', 'force_parallel_mode')"))
        {
            await eager.ExecuteNonQueryAsync(cancellation);
        }

        var store = new TaskStore(source, new CostMeter(), sessions);
        var before = await WorkersAsync(source);
        Assert.NotNull(await store.ResultAsync(task, cancellation));
        Assert.NotNull(await store.FindAsync(task, cancellation));
        Assert.NotNull(await store.LogsAsync(task, 0, 10, null, cancellation));
        Assert.NotNull(await store.ExplainAsync(task, TimeSpan.FromSeconds(15), cancellation));
        Assert.Empty(await store.GoneAsync([task], cancellation));
        Assert.Equal(before, await WorkersAsync(source));
    }

    /// <summary>Whichever test comes first: the tables are empty, and PostgreSQL knows it.</summary>
    private async Task<NpgsqlDataSource> EmptyAsync()
    {
        await using var connection = await database.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);

        // The new indexes of a table that was emptied count as whole reads of it, which PostgreSQL would tell of a second later.
        foreach (var sql in (string[])["TRUNCATE tasks, claims, idempotency_keys", "VACUUM ANALYZE tasks, claims, idempotency_keys", "SELECT pg_stat_force_next_flush()", "SELECT 1"])
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        return Database.Open(database.Options(poolSize: 1), sessions);
    }

    /// <summary>Others that wait, of which PostgreSQL has not heard when it planned.</summary>
    private Task<int> AddManyAsync() => database.ExecuteAsync("""
        INSERT INTO tasks (id, created_at, due_at, timeout_seconds, retry_delay_seconds, retry_backoff, max_retry_delay_seconds, state, priority,
                           max_retries, attempts, queue_name, type, data)
        SELECT uuidv7(), now(), now() + interval '1 day', 60, 5, 2, 3600, 'pending', 5, 3, 0, 'others', 'others', '{}' FROM generate_series(1, 5000)
        """);

    /// <summary>Who reads an index from one end to the other reads all of its entries.</summary>
    private static async Task<long> EntriesReadAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("SELECT pg_stat_force_next_flush()");
        await command.ExecuteNonQueryAsync();
        command.CommandText = "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname IN ('tasks', 'claims', 'idempotency_keys')";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Processes that PostgreSQL has started for statements of this database, as of PostgreSQL 18.</summary>
    private static async Task<long> WorkersAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("SELECT pg_stat_force_next_flush()");
        await command.ExecuteNonQueryAsync();
        command.CommandText = "SELECT coalesce((to_jsonb(d) ->> 'parallel_workers_launched')::bigint, 0) FROM pg_stat_database d WHERE datname = current_database()";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<long> WholeReadsAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("SELECT pg_stat_force_next_flush()");
        await command.ExecuteNonQueryAsync();
        command.CommandText = "SELECT sum(seq_scan)::bigint FROM pg_stat_user_tables WHERE relname IN ('tasks', 'claims', 'idempotency_keys')";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
