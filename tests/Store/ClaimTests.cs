using System.Text;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Store;

/// <summary>Claims are rows of their own: nobody else claims what they name, nobody edits it, and nothing is left behind a mark.</summary>
public sealed class ClaimTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Tasks = 1_200;

    private readonly TaskStore store = database.Store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_many_who_claim_at_once_in_several_processes_no_two_get_the_same_task()
    {
        var given = new Given(store);
        await store.SubmitAsync([.. Enumerable.Range(0, Tasks).Select(n => given.NewTask() with { Priority = (short)(1 + (n % 10)) })], Cancellation);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                // A process of its own has marks of its own.
                var process = new TaskStore(database.Source, new CostMeter());
                while (await process.ClaimTicketAsync(given.Queue, 7, new DispatchLimits(1_000, Given.Lease), Cancellation) is not null)
                {
                }
            },
            Cancellation)));

        const string Claimed = "SELECT count(*) FROM claims c CROSS JOIN LATERAL unnest(c.task_ids) AS u (id) WHERE c.queue_name = $1";
        Assert.Equal(Tasks, await database.ScalarAsync<long>(Claimed, given.Queue));
        Assert.Equal(Tasks, await database.ScalarAsync<long>(Claimed.Replace("count(*)", "count(DISTINCT u.id)", StringComparison.Ordinal), given.Queue));
    }

    [Fact]
    public async Task A_retry_that_is_written_after_its_time_is_found_by_the_next_pass_although_claims_went_on_behind_it()
    {
        // Marks of its own: no sweep has been made, and the first is half a second away.
        var process = new TaskStore(database.Source, new CostMeter());
        var given = new Given(process);
        var late = await given.SubmittedAsync();
        var ticket = await given.StartedAsync();
        await using var other = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await other.BeginTransactionAsync(Cancellation);
        await using (var hold = new NpgsqlCommand("SELECT FROM claims WHERE ticket_id = $1 FOR UPDATE", other, transaction) { Parameters = { new() { Value = ticket.Value } } })
        {
            await hold.ExecuteNonQueryAsync(Cancellation);
        }

        var applying = given.AppliedAsync(ticket, late, Given.Failed(TimeSpan.FromMicroseconds(1)));
        await database.UntilSomebodyWaitsAsync();
        await process.SubmitAsync([.. Enumerable.Range(0, 400).Select(_ => given.NewTask())], Cancellation);
        for (var n = 0; n < 4; n++)
        {
            await given.ClaimedAsync(size: 100);
        }

        await transaction.CommitAsync(Cancellation);
        Assert.Empty(await applying);

        Assert.True(Assert.Single(await process.QueuesWithWorkAsync([given.Queue], Cancellation)).Due);
        await given.ClaimedAsync();
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM claims WHERE queue_name = $1 AND $2 = ANY (task_ids)", given.Queue, late.Value));
    }

    [Fact]
    public async Task An_edit_that_was_accepted_is_what_an_executor_gets_and_one_that_came_too_late_is_refused()
    {
        var given = new Given(store);
        List<NewTask> tasks = [.. Enumerable.Range(0, Tasks / 4).Select(_ => given.NewTask())];
        await store.SubmitAsync(tasks, Cancellation);

        var ran = new Dictionary<TaskId, string>();
        var executor = Task.Run(
            async () =>
            {
                while (await store.ClaimTicketAsync(given.Queue, 5, Given.Limits, Cancellation) is { } ticket)
                {
                    foreach (var task in await store.StartTicketAsync(ticket.Id, Given.Order(given.Executor), Cancellation))
                    {
                        ran[task.Id] = Encoding.UTF8.GetString(task.Data);
                    }
                }
            },
            Cancellation);
        List<(TaskId Task, EditEffect Effect)> edits = [];
        foreach (var task in tasks.AsEnumerable().Reverse())
        {
            edits.Add((task.Id, await store.EditAsync(task.Id, null, new TaskEdit { Data = "\"edited\""u8.ToArray() }, Cancellation)));
        }

        await executor;
        while (await store.ClaimTicketAsync(given.Queue, 100, Given.Limits, Cancellation) is { } ticket)
        {
            foreach (var task in await store.StartTicketAsync(ticket.Id, Given.Order(given.Executor), Cancellation))
            {
                ran[task.Id] = Encoding.UTF8.GetString(task.Data);
            }
        }

        Assert.Equal(tasks.Count, ran.Count);
        Assert.All(edits, edit => Assert.Equal(edit.Effect == EditEffect.Edited ? "\"edited\"" : "{}", ran[edit.Task]));
    }

    [Theory]
    [InlineData("edit")]
    [InlineData("boost")]
    [InlineData("move")]
    [InlineData("cancel")]
    [InlineData("expire")]
    public async Task Nobody_changes_what_is_being_claimed_at_this_moment(string verb)
    {
        var given = new Given(store);
        var task = await given.SubmittedAsync(static t => t with { ExpiresAt = DateTimeOffset.UnixEpoch });
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await Claims.MakeAsync(connection, task, given.Queue);

        var change = ChangeAsync(verb, task);
        if (verb != "expire")
        {
            await database.UntilSomebodyWaitsAsync();
        }

        await transaction.CommitAsync(Cancellation);
        await change;

        var found = (await store.FindAsync(task, Cancellation))!;
        Assert.Equal((TaskState.Dispatched, "{}", (short)5, given.Queue), (found.State, Encoding.UTF8.GetString(found.Data!), found.Priority, found.QueueName));
        Assert.Equal(verb == "cancel", found.CancelRequested);
    }

    [Fact]
    public async Task What_was_edited_while_a_claim_was_on_its_way_is_claimed_as_it_is_now()
    {
        // Tickets that other tests have left would go first.
        await database.ExecuteAsync("UPDATE tickets SET created_at = now() + interval '1 hour' WHERE state = 'queued'");
        var given = new Given(store);
        await given.SubmittedAsync();
        var ticket = await given.StartedAsync();
        var task = await given.SubmittedAsync();
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var hold = connection.CreateCommand();
        hold.CommandText = "SELECT FROM tickets WHERE id = $1 FOR UPDATE";
        hold.Parameters.With(ticket.Value);
        await hold.ExecuteNonQueryAsync(Cancellation);

        var running = new RunningTicket(ticket, given.Queue, given.Executor);
        var claim = store.ClaimMoreAsync(running, new(10, 10, 1, 10, Given.AnyTicket), Given.Lease, TimeSpan.Zero, Cancellation);
        await database.UntilSomebodyWaitsAsync();
        await store.EditAsync(task, null, new TaskEdit { Data = "\"edited\""u8.ToArray() }, Cancellation);
        await transaction.CommitAsync(Cancellation);

        var claimed = Assert.Single((await claim).Tasks);
        Assert.Equal((task, "\"edited\""), (claimed.Id, Encoding.UTF8.GetString(claimed.Data)));
    }

    private Task ChangeAsync(string verb, TaskId task) => verb switch
    {
        "edit" => store.EditAsync(task, null, new TaskEdit { Data = "1"u8.ToArray() }, Cancellation),
        "boost" => store.BoostAsync([task], 9, Cancellation),
        "move" => store.MoveAsync([task], "elsewhere", Cancellation),
        "cancel" => store.CancelAsync(task, Cancellation),
        _ => store.ExpireAsync(100, Cancellation),
    };

    [Fact]
    public async Task Of_a_busy_queue_processes_claim_one_after_another_and_nobody_waits_for_one_that_hangs()
    {
        var given = new Given(store);
        await store.SubmitAsync([.. Enumerable.Range(0, 30).Select(_ => given.NewTask())], Cancellation);
        var ticket = await given.StartedAsync(size: 10);
        await using var hanging = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await hanging.BeginTransactionAsync(Cancellation);
        await using var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock(2, hashtext($1))", hanging, transaction);
        turn.Parameters.With(given.Queue);
        await turn.ExecuteNonQueryAsync(Cancellation);

        Assert.Equal(10, (await store.ClaimTicketAsync(given.Queue, 10, Given.Limits, Cancellation))?.Tasks);
        var more = await store.ClaimMoreAsync(
            new RunningTicket(ticket, given.Queue, given.Executor), new(10, 32, 10, TaskStore.BeginAtOnce, Given.AnyTicket), Given.Lease, TimeSpan.Zero, Cancellation);
        Assert.Equal(10, more.Tasks.Count);

    }

    [Fact]
    public async Task What_another_process_gives_back_behind_the_mark_is_claimed_again()
    {
        var given = new Given(store);
        var first = await given.SubmittedAsync();
        var ticket = await given.StartedAsync();
        var mine = new TaskStore(database.Source, new CostMeter());
        await store.SubmitAsync([.. Enumerable.Range(0, Tasks).Select(_ => given.NewTask())], Cancellation);
        while (await mine.ClaimTicketAsync(given.Queue, 300, Given.Limits, Cancellation) is not null)
        {
        }

        await given.AppliedAsync(ticket, first, new Transition.Release(null));
        ClaimedTicket? again = null;
        for (var began = TimeProvider.System.GetTimestamp(); again is null; again = await mine.ClaimTicketAsync(given.Queue, 300, Given.Limits, Cancellation))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "It is not found.");
        }

        Assert.Equal([first], (await store.HeldTasksAsync(again.Value.Id, Cancellation)).Select(static held => held.Id));
    }

    [Fact]
    public async Task What_was_due_in_the_past_when_it_came_is_seen_by_passes_that_claim_nothing()
    {
        var given = new Given(store);
        var mine = new TaskStore(database.Source, new CostMeter());
        await store.SubmitAsync([.. Enumerable.Range(0, Tasks).Select(_ => given.NewTask())], Cancellation);
        while (await mine.ClaimTicketAsync(given.Queue, 300, Given.Limits, Cancellation) is not null)
        {
        }

        await store.SubmitAsync([given.NewTask() with { ScheduledAt = DateTimeOffset.UnixEpoch }], Cancellation);
        for (var began = TimeProvider.System.GetTimestamp(); !(await mine.QueuesWithWorkAsync([given.Queue], Cancellation)).Any(static work => work.Due);)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "It is not found.");
        }

        Assert.Equal(1, (await mine.ClaimTicketAsync(given.Queue, 300, Given.Limits, Cancellation))?.Tasks);
    }

    [Fact]
    public async Task What_is_replayed_while_its_neighbours_still_run_is_claimed_again()
    {
        var given = new Given(store);
        var (done, dead, other) = (await given.SubmittedAsync(), await given.SubmittedAsync(), await given.SubmittedAsync());
        var ticket = await given.StartedAsync();
        await given.AppliedAsync(ticket, done, new Transition.Finish(FinishedAs.Succeeded, default));
        await given.AppliedAsync(ticket, dead, new Transition.Bury(DeathReason.Rejected, new TaskError("no", "No.")));

        await store.RerunAsync([done], Revival.Unchanged, Cancellation);
        await store.RetryDeadLettersAsync([dead], Revival.Unchanged, Cancellation);

        var again = await given.ClaimedAsync();
        Assert.Equal([done, dead], (await store.HeldTasksAsync(again, Cancellation)).Select(static held => held.Id));
        Assert.Equal([other], (await store.HeldTasksAsync(ticket, Cancellation)).Select(static held => held.Id));
    }

    [Fact]
    public async Task Who_writes_the_last_task_of_a_claim_after_another_wrote_about_it_ends_the_claim()
    {
        var given = new Given(store);
        var (one, two) = (await given.SubmittedAsync(), await given.SubmittedAsync());
        var ticket = await given.StartedAsync();
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var other = connection.CreateCommand();
        other.CommandText = """
            WITH gone AS (DELETE FROM tasks WHERE id = $1)
            UPDATE claims SET remaining = 1, task_ids = array_replace(task_ids, $1, NULL) WHERE ticket_id = $2
            """;
        other.Parameters.With(one.Value).With(ticket.Value);
        await other.ExecuteNonQueryAsync(Cancellation);

        var last = store.ApplyAsync(ticket, given.Executor, [new AttemptResult(two, new Transition.Finish(FinishedAs.Succeeded, default), 1, 1, 2)], Cancellation);
        await database.UntilSomebodyWaitsAsync();
        await transaction.CommitAsync(Cancellation);

        Assert.Empty(await last);
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM claims WHERE ticket_id = $1", ticket.Value));
    }

    [Fact]
    public void A_mark_lies_some_tasks_behind_the_last_and_never_goes_back()
    {
        var mark = new ClaimMark();
        var start = new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var n = 1; n < 64; n++)
        {
            mark.Took(start.AddSeconds(n), Guid.CreateVersion7(), 1);
        }

        Assert.Equal(ClaimMark.First, mark.Due);
        mark.Took(start.AddSeconds(64), Guid.CreateVersion7(), 2);
        Assert.Equal(start.AddSeconds(1), mark.Due);
        mark.Took(start, Guid.CreateVersion7(), 600);
        Assert.Equal(start.AddSeconds(1), mark.Due);
        mark.Took(start.AddSeconds(2_000), Guid.CreateVersion7(), 500);
        Assert.Equal(start.AddSeconds(64), mark.Due);
    }
}
