using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Store;

/// <summary>Two sessions that meet, and texts that PostgreSQL cannot keep: neither may cost anybody's work.</summary>
public sealed class StoreHazardTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const int Rounds = 30;
    private const int Tasks = 300;

    private readonly TaskStore store = database.Store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ticket_that_closes_while_it_claims_more_leaves_no_task_behind()
    {
        // In a database of its own: no executor takes more while another test's ticket waits.
        await using var place = await Place.NewAsync();
        var own = new TaskStore(place.Source, new CostMeter());
        for (var round = 0; round < Rounds * 3; round++)
        {
            var given = new Given(own);
            var first = await given.SubmittedAsync();
            var ticket = await given.StartedAsync();
            await given.AppliedAsync(ticket, first, new Transition.Finish(FinishedAs.Succeeded, default));
            await own.SubmitAsync([.. Enumerable.Range(0, 20).Select(_ => given.NewTask())], Cancellation);

            await Task.WhenAll(
                own.ClaimMoreAsync(new RunningTicket(ticket, given.Queue, given.Executor), new(20, 32, 1, TaskStore.BeginAtOnce, Given.AnyTicket), Given.Lease, TimeSpan.Zero, Cancellation),
                own.CloseTicketAsync(ticket, Cancellation));
        }

        Assert.DoesNotContain((await own.VerifyAsync(100, Cancellation)).Offenders, static o => o.Rule == "no_ticket");
    }

    [Fact]
    public async Task An_executor_and_a_healer_that_write_about_the_same_tasks_do_not_stop_each_other()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (given, ticket, tasks) = await StartedAsync();
            await Task.WhenAll(
                Task.Run(() => ApplyAsync(given, ticket, tasks, new Transition.Finish(FinishedAs.Succeeded, default)), Cancellation),
                Task.Run(() => ApplyAsync(given, ticket, tasks.AsEnumerable().Reverse(), Given.Failed(TimeSpan.FromHours(1))), Cancellation));
        }
    }

    [Fact]
    public async Task A_report_does_not_stop_the_results_of_the_same_tasks()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (given, ticket, tasks) = await StartedAsync();
            await Task.WhenAll(
                store.ReportAsync([.. tasks.Select(t => new TaskReport(t.Id, ticket, "1"u8.ToArray()))], [], Cancellation),
                ApplyAsync(given, ticket, tasks.AsEnumerable().Reverse(), Given.Failed(TimeSpan.FromHours(1))));
        }
    }

    [Fact]
    public async Task Two_submits_that_name_the_same_new_queues_do_not_stop_each_other()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var given = new Given(store);
            List<NewTask> tasks = [.. Enumerable.Range(0, Tasks).Select(i => given.NewTask() with { QueueName = $"{given.Queue}-{i}" })];
            await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(
                () => store.SubmitAsync([.. Reordered(tasks, i)], Cancellation), Cancellation)));
        }
    }

    [Theory()]
    [InlineData(0xd800)]
    [InlineData(0xdc00)]
    [InlineData(0)]
    public async Task An_error_of_any_text_can_be_kept(int character)
    {
        var message = ((char)character).ToString();
        var given = new Given(store);
        var task = await given.SubmittedAsync();
        var error = new TaskError(message, message, message);
        Assert.Empty(await given.AppliedAsync(await given.StartedAsync(), task, new Transition.Retry(TimeSpan.Zero, error, false)));
    }

    [Fact]
    public async Task An_error_that_is_cut_inside_an_emoji_can_be_kept()
    {
        var given = new Given(store);
        var task = await given.SubmittedAsync();
        var error = new TaskError("long", new string('a', 1_998) + "😀😀");
        Assert.Empty(await given.AppliedAsync(await given.StartedAsync(), task, new Transition.Retry(TimeSpan.Zero, error, false)));
    }

    [Fact]
    public void A_result_that_is_not_UTF8_is_refused_before_it_reaches_the_store() =>
        Assert.Throws<System.Text.Json.JsonException>(static () => TaskOutcome.SucceededWithJson(new byte[] { (byte)'"', 0xff, (byte)'"' }));

    [Fact]
    public async Task A_write_that_is_repeated_does_not_meet_the_task_on_its_next_visit_to_the_ticket()
    {
        // In a database of its own: no executor takes more while another test's ticket waits.
        await using var place = await Place.NewAsync();
        var own = new TaskStore(place.Source, new CostMeter());
        var given = new Given(own);
        var task = await given.SubmittedAsync();
        var ticket = await given.StartedAsync();
        AttemptResult first = new(task, Given.Failed(TimeSpan.Zero), 1, 1, 1);
        Assert.Empty(await own.ApplyAsync(ticket, given.Executor, [first], Cancellation));
        var again = await own.ClaimMoreAsync(new RunningTicket(ticket, given.Queue, given.Executor), new(1, 32, 1, TaskStore.BeginAtOnce, Given.AnyTicket), Given.Lease, TimeSpan.Zero, Cancellation);
        Assert.Equal((task, 2), (again.Tasks[0].Id, again.Tasks[0].Place));

        Assert.Equal([task], await own.ApplyAsync(ticket, given.Executor, [first], Cancellation));

        Assert.Equal(1, (await own.HeldTasksAsync(ticket, Cancellation))[0].Claim.Attempts);
    }

    [Fact]
    public async Task A_claim_that_arrives_after_its_executor_has_looked_what_it_holds_is_refused()
    {
        // In a database of its own: no executor takes more while another test's ticket waits.
        await using var place = await Place.NewAsync();
        var own = new TaskStore(place.Source, new CostMeter());
        var given = new Given(own);
        await given.SubmittedAsync();
        var ticket = new RunningTicket(await given.StartedAsync(), given.Queue, given.Executor);
        var more = await given.SubmittedAsync();

        var (held, looked) = await own.TasksBehindAsync(ticket, 1, Cancellation);
        Assert.Empty(held);
        Assert.Empty((await ClaimAsync(looked: 0)).Tasks);
        Assert.Equal(more, Assert.Single((await ClaimAsync(looked)).Tasks).Id);
        Assert.Equal(more, Assert.Single((await own.TasksBehindAsync(ticket, 1, Cancellation)).Tasks).Id);

        Task<ClaimedTasks> ClaimAsync(int looked) =>
            own.ClaimMoreAsync(ticket, new(1, 32, 1, TaskStore.BeginAtOnce, Given.AnyTicket, looked), Given.Lease, TimeSpan.Zero, Cancellation);
    }

    [Fact]
    public async Task A_start_whose_answer_was_lost_can_be_repeated_by_who_made_it_and_by_nobody_else()
    {
        var given = new Given(store);
        var task = await given.SubmittedAsync();
        var ticket = await given.ClaimedAsync();
        var key = Guid.CreateVersion7();
        await store.StartTicketAsync(ticket, Given.Order(given.Executor, key), Cancellation);

        Assert.Equal(task, Assert.Single(await store.StartTicketAsync(ticket, Given.Order(given.Executor, key), Cancellation)).Id);
        Assert.Empty(await store.StartTicketAsync(ticket, Given.Order(given.Executor), Cancellation));
    }

    [Fact]
    public async Task An_adoption_whose_answer_was_lost_is_repeated_before_another_ticket_is_taken()
    {
        await using var place = await Place.NewAsync();
        var own = new TaskStore(place.Source, new CostMeter());
        var (first, second) = (new Given(own), new Given(own));
        var task = await first.SubmittedAsync();
        await first.ClaimedAsync();
        await place.ExecuteAsync("UPDATE tickets SET created_at = now() - interval '1 second'");
        var key = Guid.CreateVersion7();
        await own.AdoptTicketAsync(Given.Order(first.Executor, key), [], [], null, Cancellation);
        var waiting = await second.SubmittedAsync();
        await second.ClaimedAsync();
        await place.ExecuteAsync("UPDATE tickets SET created_at = now() - interval '1 hour' WHERE state = 'queued'");

        Assert.Equal(task, Assert.Single(await own.AdoptTicketAsync(Given.Order(first.Executor, key), [], [], null, Cancellation)).Id);
        Assert.Equal(waiting, Assert.Single(await own.AdoptTicketAsync(Given.Order(first.Executor), [], [], null, Cancellation)).Id);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(61, true)]
    public async Task Tickets_of_a_queue_that_is_served_here_stand_back_for_others_but_not_for_long(int seconds, bool servedComesFirst)
    {
        await using var place = await Place.NewAsync();
        var own = new TaskStore(place.Source, new CostMeter());
        var (served, other) = (new Given(own), new Given(own));
        var first = await served.SubmittedAsync();
        await served.ClaimedAsync();
        var second = await other.SubmittedAsync();
        await other.ClaimedAsync();
        await place.ExecuteAsync($"UPDATE tickets SET created_at = now() - interval '{seconds} seconds'");

        var adopted = await own.AdoptTicketAsync(Given.Order(other.Executor), [], [served.Queue], null, Cancellation);

        Assert.Equal(servedComesFirst ? first : second, Assert.Single(adopted).Id);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(11, true)]
    public async Task Tickets_of_queues_that_were_filled_together_stand_back_for_others_but_not_for_long(int seconds, bool theyComeFirst)
    {
        await using var place = await Place.NewAsync();
        var own = new TaskStore(place.Source, new CostMeter());
        var (many, other) = (new Given(own), new Given(own));
        var first = await many.SubmittedAsync();
        Assert.NotNull(await own.ClaimTicketAsync(many.Queue, 10, Given.Limits with { StandsBack = true }, Cancellation));
        var second = await other.SubmittedAsync();
        await other.ClaimedAsync();
        await place.ExecuteAsync($"UPDATE tickets SET created_at = now() - interval '{seconds} seconds'");

        var adopted = await own.AdoptTicketAsync(Given.Order(other.Executor), [], [], null, Cancellation);

        Assert.Equal(theyComeFirst ? first : second, Assert.Single(adopted).Id);
    }

    [Fact]
    public async Task Only_a_ticket_that_this_process_could_serve_asks_for_its_place()
    {
        await using var place = await Place.NewAsync();
        var own = new TaskStore(place.Source, new CostMeter());
        var (stuck, fresh) = (new Given(own), new Given(own));
        await stuck.SubmittedAsync();
        await stuck.ClaimedAsync();
        await place.ExecuteAsync("UPDATE tickets SET created_at = now() - interval '1 minute'");
        Assert.True(await own.TicketsWaitAsync(Given.AnyTicket, Cancellation));
        Assert.False(await own.TicketsWaitAsync(Given.AnyTicket.Without(stuck.Queue), Cancellation));

        await fresh.SubmittedAsync();
        var running = new RunningTicket(await fresh.StartedAsync(), fresh.Queue, fresh.Executor);
        await place.ExecuteAsync("UPDATE tickets SET started_at = now() - interval '1 minute' WHERE state = 'running'");
        var task = await fresh.SubmittedAsync();
        Assert.Empty(await TakenAsync(Given.AnyTicket));
        Assert.Equal(task, Assert.Single(await TakenAsync(Given.AnyTicket.Without(stuck.Queue))).Id);

        async Task<IReadOnlyList<TaskRecord>> TakenAsync(TicketChoice others) =>
            (await own.ClaimMoreAsync(running, new(10, 32, 1, TaskStore.BeginAtOnce, others), Given.Lease, TimeSpan.Zero, Cancellation)).Tasks;
    }

    [Fact]
    public async Task A_ticket_holds_no_more_data_than_an_executor_can()
    {
        var given = new Given(store);
        var random = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(900_000));
        var large = System.Text.Encoding.UTF8.GetBytes($"\"{random}\"");
        for (var chunk = 0; chunk < 4; chunk++)
        {
            await store.SubmitAsync([.. Enumerable.Range(0, 10).Select(_ => given.NewTask() with { Data = large })], Cancellation);
        }

        var ticket = await store.ClaimTicketAsync(given.Queue, 500, Given.Limits, Cancellation);

        Assert.InRange(ticket!.Value.Tasks, 15, 39);
        Assert.Equal(ticket.Value.Tasks, (await store.ClaimTicketAsync(given.Queue, 500, Given.Limits, Cancellation))!.Value.Tasks);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task After_a_second_a_running_ticket_takes_no_more_while_another_queue_waits_but_its_own_may(bool isOwn, int taken)
    {
        await using var place = await Place.NewAsync();
        var own = new TaskStore(place.Source, new CostMeter());
        var busy = new Given(own);
        await busy.SubmittedAsync();
        var ticket = await busy.StartedAsync();
        var other = isOwn ? busy : new Given(own);
        await other.SubmittedAsync();
        await other.ClaimedAsync();
        await place.ExecuteAsync("UPDATE tickets SET created_at = now() - interval '2 seconds'");
        await busy.SubmittedAsync();

        Assert.Single(await TakenAsync(1));
        await place.ExecuteAsync("UPDATE tickets SET started_at = now() - interval '2 seconds' WHERE state = 'running'");
        await busy.SubmittedAsync();
        Assert.Equal(taken, (await TakenAsync(2)).Count);

        async Task<IReadOnlyList<TaskRecord>> TakenAsync(int lastPlace) => (await own.ClaimMoreAsync(
            new RunningTicket(ticket, busy.Queue, busy.Executor), new(10, 32, lastPlace, TaskStore.BeginAtOnce, Given.AnyTicket), Given.Lease, TimeSpan.Zero, Cancellation)).Tasks;
    }

    [Fact]
    public void A_delay_of_nothing_stays_nothing_however_often_it_grows()
    {
        Assert.Equal(TimeSpan.Zero, new RetryPolicy(2_000, 0, 2, 3_600).DelayAfter(1_100));
        Assert.True(new RetryPolicy(10, 1e30f, 2, 1e38f).DelayAfter(5) > TimeSpan.Zero);
    }

    private static IEnumerable<NewTask> Reordered(List<NewTask> tasks, int turn) =>
        (turn % 2 == 0 ? tasks : tasks.AsEnumerable().Reverse()).Skip(turn * 7).Select(static t => t with { Id = new TaskId(Guid.CreateVersion7()) });

    private async Task<(Given Given, TicketId Ticket, IReadOnlyList<HeldTask> Tasks)> StartedAsync()
    {
        var given = new Given(store);
        List<NewTask> tasks = [.. Enumerable.Range(0, Tasks).Select(_ => given.NewTask())];
        await store.SubmitAsync(tasks, Cancellation);
        var ticket = await given.StartedAsync();
        return (given, ticket, await store.HeldTasksAsync(ticket, Cancellation));
    }

    private Task<IReadOnlyList<TaskId>> ApplyAsync(Given given, TicketId ticket, IEnumerable<HeldTask> tasks, Transition transition) =>
        store.ApplyAsync(ticket, given.Executor, [.. tasks.Select(t => new AttemptResult(t.Id, transition, 1, 1, t.Place))], Cancellation);
}
