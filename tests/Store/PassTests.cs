using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Store;

/// <summary>A dispatch pass costs what there is to do, however many queues there are.</summary>
public sealed class PassTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly string Prefix = $"q-{Guid.CreateVersion7():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queues_in_which_nothing_waits_cost_a_pass_nothing()
    {
        var sessions = new StoreSessions(TimeProvider.System);
        await using var source = Database.Open(database.Options(poolSize: 1), sessions);
        var store = new TaskStore(source, new CostMeter(), sessions);
        var waiting = await SubmittedAsync(store, $"{Prefix}-few", 3);
        await store.QueuesWithTasksAsync(Cancellation);
        var before = await ReadAsync(source);
        Assert.Equal(waiting, await OwnAsync(store));
        var among = await ReadAsync(source) - before;

        await database.ExecuteAsync($"INSERT INTO queues (name) SELECT '{Prefix}-idle-' || n FROM generate_series(1, 10000) AS n");
        before = await ReadAsync(source);
        Assert.Equal(waiting, await OwnAsync(store));

        Assert.InRange(await ReadAsync(source) - before, 1, among + 5);

        async Task<IEnumerable<string>> OwnAsync(TaskStore from) =>
            (await from.QueuesWithTasksAsync(Cancellation)).Where(static name => name.StartsWith(Prefix + "-few", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_queue_is_found_whether_this_process_has_claimed_of_it_or_not_and_whatever_its_tasks_are()
    {
        var store = new TaskStore(database.Source, new CostMeter());
        var names = await SubmittedAsync(store, $"{Prefix}-found", 20);
        await store.ClaimTicketsAsync([.. names.Where(static (_, n) => n % 3 == 0).Select(static name => Order(name))], Cancellation);
        var crashed = await new Given(store, $"{Prefix}-found-crashed").SubmittedAsync();
        await database.ExecuteAsync("UPDATE tasks SET attempts = 1, crashes = 2 WHERE id = $1", crashed.Value);
        await new Given(store, $"{Prefix}-found-later").SubmittedAsync(static task => task with { DelaySeconds = 3_600 });

        var found = (await store.QueuesWithTasksAsync(Cancellation)).Where(static name => name.StartsWith(Prefix + "-found", StringComparison.Ordinal)).ToList();

        Assert.Equal(names.Append($"{Prefix}-found-crashed").Append($"{Prefix}-found-later").Order(StringComparer.Ordinal), found);
        var work = (await store.QueuesWithWorkAsync(found, Cancellation)).ToDictionary(static one => one.QueueName);
        Assert.True(work[$"{Prefix}-found-crashed"] is { Due: false, Quarantined: true });
        Assert.True(work[$"{Prefix}-found-later"] is { Due: false, Quarantined: false, NextDue: not null });
        Assert.Equal(names.Where(static (_, n) => n % 3 != 0).Order(), work.Values.Where(static one => one.Due).Select(static one => one.QueueName).Order());
    }

    [Fact]
    public async Task Tickets_of_many_queues_are_claimed_in_one_transaction_and_none_of_a_queue_that_is_paused_or_full()
    {
        var store = new TaskStore(database.Source, new CostMeter());
        var names = await SubmittedAsync(store, $"{Prefix}-claimed", 30);
        await store.PauseQueueAsync(names[0], paused: true, Cancellation);
        var full = names[1];
        await database.ExecuteAsync("INSERT INTO tickets (queue_name, state, quarantine, lease_until) VALUES ($1, 'queued', false, now() + interval '1 minute')", full);

        var tickets = await store.ClaimTicketsAsync([.. names.Select(name => Order(name, most: 1))], Cancellation);

        Assert.Equal(names.Skip(2).Order(), tickets.Select(static ticket => ticket.QueueName).Order());
        Assert.All(tickets, static ticket => Assert.Equal(1, ticket.Tasks));
        Assert.Equal(1L, await database.ScalarAsync<long>($"SELECT count(DISTINCT xmin::text) FROM tickets WHERE queue_name LIKE '{Prefix}-claimed%' AND queue_name <> $1", full));
    }

    [Fact]
    public async Task Wakes_of_many_queues_are_planned_and_forgotten_in_one_statement_each()
    {
        var costs = new CostMeter();
        var store = new TaskStore(database.Source, costs);
        var due = new DateTimeOffset(await database.ScalarAsync<DateTime>("SELECT now() + interval '1 second'"));
        string[] names = [.. Enumerable.Range(0, 3_000).Select(static n => $"{Prefix}-wake-{n}")];
        WakeOrder[] wanted = [.. names.Select(name => new WakeOrder(name, WakePurpose.Dispatch, due))];
        costs.Take();

        Assert.Equal(names.Order(), (await store.PlanWakesAsync(wanted, Cancellation)).Select(static wake => wake.QueueName).Order());
        Assert.Empty(await store.PlanWakesAsync(wanted, Cancellation));
        Assert.Single(await store.PlanWakesAsync([wanted[7] with { Due = due.AddMilliseconds(-500) }], Cancellation));
        Assert.InRange(await store.UntilWakesAsync(names, WakePurpose.Dispatch, Cancellation), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        await store.ForgetWakesAsync(names, WakePurpose.Dispatch, Cancellation);

        Assert.Equal(5, costs.Take()[(int)CostKind.SqlStatements]);
        Assert.Equal(0L, await database.ScalarAsync<long>($"SELECT count(*) FROM wakes WHERE queue_name LIKE '{Prefix}-wake-%'"));
    }

    [Fact]
    public async Task A_task_that_somebody_else_submits_behind_the_marks_of_many_queues_is_found_in_each()
    {
        var (mine, theirs) = (new TaskStore(database.Source, new CostMeter()), new TaskStore(database.Source, new CostMeter()));
        string[] names = [.. Enumerable.Range(0, 5).Select(static n => $"{Prefix}-behind-{n}")];
        foreach (var name in names)
        {
            await theirs.SubmitAsync([.. Enumerable.Range(0, 100).Select(_ => new Given(theirs, name).NewTask())], Cancellation);
        }

        await mine.ClaimTicketsAsync([.. names.Select(static name => Order(name))], Cancellation);
        var past = DateTimeOffset.UnixEpoch;
        await theirs.SubmitAsync([.. names.Select(name => new Given(theirs, name).NewTask() with { ScheduledAt = past })], Cancellation);

        for (var began = TimeProvider.System.GetTimestamp(); (await mine.QueuesWithWorkAsync(names, Cancellation)).Count(static work => work.Due) < names.Length;)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "Some are not found.");
        }
    }

    private static TicketOrder Order(string name, int most = 100) => new(name, 1_000, new(most, Given.Lease));

    private static async Task<List<string>> SubmittedAsync(TaskStore store, string prefix, int queues)
    {
        List<string> names = [.. Enumerable.Range(0, queues).Select(n => $"{prefix}-{n:0000}")];
        await store.SubmitAsync([.. names.Select(name => new Given(store, name).NewTask())], Cancellation);
        return names;
    }

    private static async Task<long> ReadAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("SELECT pg_stat_force_next_flush()");
        await command.ExecuteNonQueryAsync(Cancellation);
        command.CommandText = "SELECT sum(idx_tup_read + seq_tup_read)::bigint FROM pg_stat_user_tables JOIN (SELECT relid, sum(idx_tup_read) AS idx_tup_read FROM pg_stat_user_indexes GROUP BY 1) AS i USING (relid) WHERE relname IN ('tasks', 'claims', 'queues', 'tickets')";
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
