using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Inspect;

public sealed class HealthInspectorTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly TaskStore store = database.Store;

    private HealthInspector Health => new(store, new InspectOptions(), TimeProvider.System);

    [Fact]
    public async Task A_pipeline_that_lives_and_one_that_stopped_are_told_apart()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await store.RecordPassAsync("dispatch", cancellation);
        await store.RecordPassAsync("heal", cancellation);
        var (status, body) = await Answers.ReadJsonAsync(await Health.QueueAsync(cancellation));
        Assert.Equal((200, "healthy"), (status, body.GetProperty("status").GetString()));

        var task = await new Given(store).SubmittedAsync();
        await database.ExecuteAsync("UPDATE tasks SET due_at = now() - interval '5 minutes' WHERE id = $1", task.Value);
        await database.ExecuteAsync("UPDATE passes SET last_run = now() - interval '5 minutes'");
        (status, body) = await Answers.ReadJsonAsync(await Health.QueueAsync(cancellation));

        Assert.Equal((503, "unhealthy"), (status, body.GetProperty("status").GetString()));
        Assert.Equal(
            ["no_active_workers", "no_dispatcher", "no_healer"],
            body.GetProperty("reasons").EnumerateArray().Select(static r => r.GetString()));
    }

    [Fact]
    public async Task A_queue_that_starves_beside_others_that_are_worked_at_is_named_with_its_wait()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var place = await Place.NewAsync();
        var health = new HealthInspector(place.Store, new InspectOptions(), TimeProvider.System);
        await place.Store.RecordPassAsync("dispatch", cancellation);
        await place.Store.RecordPassAsync("heal", cancellation);
        place.Store.Beat(new ExecutorCard(new(Guid.CreateVersion7()), "host", 1, "1", "active", 4, 4, "{}"u8.ToArray()), [], Given.Lease);
        var (busy, poor) = (new Given(place.Store, "busy"), new Given(place.Store, "poor"));
        var (sent, paused) = (new Given(place.Store, "sent"), new Given(place.Store, "paused"));
        await busy.InAsync(TaskState.Running);
        await sent.InAsync(TaskState.Dispatched);
        foreach (var given in (Given[])[busy, poor, paused])
        {
            await given.SubmittedAsync();
        }

        await place.Store.PauseQueueAsync("paused", true, cancellation);
        var (status, body) = await Answers.ReadJsonAsync(await health.QueueAsync(cancellation));
        Assert.Equal((200, "healthy"), (status, body.GetProperty("status").GetString()));

        await place.ExecuteAsync("UPDATE tasks SET due_at = now() - interval '2 minutes'");
        await place.ExecuteAsync("UPDATE claims SET due_from = now() - interval '1 minute', due_through = now()");
        (status, body) = await Answers.ReadJsonAsync(await health.QueueAsync(cancellation));

        Assert.Equal((200, "degraded"), (status, body.GetProperty("status").GetString()));
        Assert.Equal("queue_starves", Assert.Single(body.GetProperty("reasons").EnumerateArray()).GetString());
        Assert.Equal(["poor", "sent"], body.GetProperty("queues").EnumerateArray().Select(static queue => queue.GetProperty("queue_name").GetString()));
        Assert.InRange(body.GetProperty("queues")[0].GetProperty("waiting_seconds").GetDouble(), 119, 180);

        // A ticket that runs for ever is no work at the queue, though no reason to start other hosts.
        await place.ExecuteAsync("UPDATE tickets SET started_at = now() - interval '6 minutes' WHERE queue_name = 'busy'");
        await busy.SubmittedAsync();
        await place.ExecuteAsync("UPDATE tasks SET due_at = now() - interval '6 minutes' WHERE queue_name = 'busy'");
        (status, body) = await Answers.ReadJsonAsync(await health.QueueAsync(cancellation));
        Assert.Equal((200, "degraded"), (status, body.GetProperty("status").GetString()));
        Assert.Equal("busy", body.GetProperty("queues")[0].GetProperty("queue_name").GetString());

        await place.ExecuteAsync("UPDATE tasks SET due_at = now() - interval '6 minutes' WHERE queue_name = 'poor'");
        (status, body) = await Answers.ReadJsonAsync(await health.QueueAsync(cancellation));
        Assert.Equal((503, "unhealthy"), (status, body.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_backlog_of_which_something_has_just_ended_does_not_starve_between_two_tickets()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var place = await Place.NewAsync();
        var given = new Given(place.Store);
        await given.InAsync(TaskState.Succeeded);
        await given.SubmittedAsync();
        await place.ExecuteAsync("UPDATE tasks SET due_at = now() - interval '2 minutes'");

        var vitals = await place.Store.VitalsAsync(new InspectOptions().VitalLimits, cancellation);

        Assert.Equal((0, 0), (vitals.StarvingQueues, vitals.Starving.Count));
        Assert.InRange(vitals.WaitingSeconds!.Value, 119, 180);
    }

    [Fact]
    public async Task The_database_answers_with_its_numbers()
    {
        var (status, body) = await Answers.ReadJsonAsync(await Health.DatabaseAsync(TestContext.Current.CancellationToken));
        Assert.Equal(200, status);
        Assert.True(body.GetProperty("reachable").GetBoolean());
        Assert.True(body.GetProperty("connections").GetInt64() > 0);
        Assert.Equal(20, body.GetProperty("pool_size").GetInt32());
    }

    [Fact]
    public async Task A_database_that_is_away_is_said_and_not_thrown()
    {
        await using var nobody = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=2");
        var away = new TaskStore(nobody, new CostMeter());
        var health = new HealthInspector(away, new InspectOptions(), TimeProvider.System);
        var cancellation = TestContext.Current.CancellationToken;

        var (status, body) = await Answers.ReadJsonAsync(await health.QueueAsync(cancellation));
        Assert.Equal((503, "database_unreachable"), (status, body.GetProperty("reasons")[0].GetString()));
        Assert.Equal(503, (await Answers.ReadAsync(await health.DatabaseAsync(cancellation))).Status);
        Assert.Equal(503, (await Answers.ReadAsync(await new TaskInspector(away, new TaskSearch(away, TimeProvider.System)).GetAsync(Guid.CreateVersion7().ToString(), Answers.Get(string.Empty), cancellation))).Status);
        Assert.Equal(200, (await Answers.ReadAsync(HealthInspector.Live())).Status);
    }

    [Fact]
    public async Task A_worker_is_shown_while_it_speaks_and_as_lost_afterwards()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var id = new ExecutorId(Guid.CreateVersion7());
        store.Beat(new ExecutorCard(id, "host-1", 7, "1.0", "active", 8, 2, "{}"u8.ToArray()), [], Given.Lease);
        var workers = new WorkerInspector(store, new InspectOptions());

        var (_, one) = await Answers.ReadJsonAsync(await workers.GetAsync(id.ToString(), cancellation));
        Assert.Equal("active", one.GetProperty("status").GetString());
        Assert.Equal(0.25, one.GetProperty("utilization").GetDouble());

        await database.ExecuteAsync("UPDATE executors SET last_heartbeat = now() - interval '1 minute' WHERE id = $1", id.Value);
        var (_, all) = await Answers.ReadJsonAsync(await workers.ListAsync(cancellation));
        Assert.Equal("lost", all.GetProperty("workers")[0].GetProperty("status").GetString());
        Assert.Equal((0, 1), (all.GetProperty("active").GetInt32(), all.GetProperty("lost").GetInt32()));
        Assert.Equal(404, (await Answers.ReadAsync(await workers.GetAsync("nobody", cancellation))).Status);

        store.Beat(new ExecutorCard(id, "host-1", 7, "1.0", "stopped", 8, 0, "{}"u8.ToArray()), [], Given.Lease);
        await database.ExecuteAsync("UPDATE executors SET last_heartbeat = now() - interval '1 minute' WHERE id = $1", id.Value);
        var (_, gone) = await Answers.ReadJsonAsync(await workers.GetAsync(id.ToString(), cancellation));
        Assert.Equal("stopped", gone.GetProperty("status").GetString());
        await database.ExecuteAsync("DELETE FROM executors");
    }
}
