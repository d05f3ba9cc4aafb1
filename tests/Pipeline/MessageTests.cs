using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Dispatch;
using Millrace.Execute;
using Millrace.Lifecycle;
using Millrace.Queues;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>A message is a hint: lost, doubled, late, shuffled or garbled ones change when work happens, never what becomes of it.</summary>
public sealed class MessageTests
{
    private static readonly string Queue = $"q-{Guid.CreateVersion7():N}";

    private static readonly Dictionary<string, string> NoExecutors = new()
    {
        ["AzureWebJobs.Execute.Disabled"] = "true",
        ["AzureWebJobs.ExecuteUrgent.Disabled"] = "true",
    };

    [Fact]
    public async Task Doubled_shuffled_late_and_garbled_messages_change_nothing()
    {
        await using var place = await Place.NewAsync();
        var starts = new ConcurrentDictionary<Guid, int>();
        var scripts = new Scripts
        {
            [Queue] = context =>
            {
                starts.AddOrUpdate(context.Id.Value, 1, static (_, n) => n + 1);
                return new(TaskOutcome.Succeeded());
            },
        };
        await using (var submits = await PipelineHost.StartAsync(place, NoExecutors))
        {
            await new Work(place, submits.Client, Queue).SubmitManyAsync(500);
            await place.UntilAsync("EXISTS (SELECT FROM tickets)");
        }

        var tickets = await place.ScalarAsync<long[]>("SELECT array_agg(id) FROM tickets");
        string[] messages =
        [
            .. tickets.Reverse().SelectMany(id => Enumerable.Repeat($$"""{"ticket_id": {{id}}, "queue_name": "{{Queue}}", "traceparent": null}""", 3)),
            $$"""{"ticket_id": 999999, "queue_name": "{{Queue}}", "traceparent": null}""",
            $$"""{"ticket_id": -1, "queue_name": "nobody's", "traceparent": "x"}""",
            "garbage", "{}", "null", "[]", """{"ticket_id": "1", "queue_name": 5}""", """{"ticket_id": 1}""", string.Empty,
        ];
        foreach (var queue in (string[])[QueueNames.Tickets, QueueNames.Urgent, QueueNames.Wakes, QueueNames.TicketsPoison, QueueNames.UrgentPoison, QueueNames.WakesPoison])
        {
            foreach (var message in messages)
            {
                await place.Queue(queue).SendMessageAsync(message, Place.Cancellation);
            }
        }

        await place.Queue(QueueNames.Wakes).SendMessageAsync("""{"queue_name": "nobody's", "purpose": "Heal"}""", Place.Cancellation);
        await using var host = await PipelineHost.StartAsync(place, scripts: scripts);
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks)");
        await UntilDrainedAsync(place);

        await Books.AssertAllEndedAsync(place, 500);
        Assert.Equal(500, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE attempts = 1"));
        Assert.All(starts.Values, static n => Assert.Equal(1, n));
    }

    [Fact]
    public async Task Suspects_follow_one_another_with_few_messages()
    {
        await using var place = await Place.NewAsync();
        var quiet = new[] { "Execute", "ExecuteUrgent", "Dispatch", "Heal", "Wake" }.ToDictionary(static name => $"AzureWebJobs.{name}.Disabled", static _ => "true");
        await using var host = await PipelineHost.StartAsync(place, quiet);
        await place.ExecuteAsync($"INSERT INTO queues (name, paused) VALUES ('{Queue}', true)");
        await new Work(place, host.Client, Queue).SubmitManyAsync(20, "process");
        await place.ExecuteAsync("UPDATE tasks SET attempts = 1, crashes = 2");
        await place.ExecuteAsync("UPDATE queues SET paused = false");

        await host.Services.GetRequiredService<TaskDispatcher>().DispatchAsync(Queue, Place.Cancellation);
        var messages = 0;
        for (; await place.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM tasks)") && messages < 20; messages++)
        {
            await host.Services.GetRequiredService<TaskExecutor>().ExecuteAsync(await ReceivedAsync(place), Place.Cancellation);
        }

        await Books.AssertAllEndedAsync(place, 20);
        Assert.InRange(messages, 1, 10);
    }

    [Fact]
    public async Task A_suspect_is_begun_by_a_process_with_one_place()
    {
        await using var place = await Place.NewAsync();
        var settings = new[] { "Execute", "ExecuteUrgent", "Dispatch", "Heal", "Wake" }.ToDictionary(static name => $"AzureWebJobs.{name}.Disabled", static _ => "true");
        settings["Millrace__Execute__Concurrency"] = "1";
        settings["Millrace__Execute__TicketConcurrency"] = "1";
        await using var host = await PipelineHost.StartAsync(place, settings);
        await place.ExecuteAsync($"INSERT INTO queues (name, paused) VALUES ('{Queue}', true)");
        await new Work(place, host.Client, Queue).SubmitManyAsync(1, "process");
        await place.ExecuteAsync("UPDATE tasks SET crashes = 2");
        await place.ExecuteAsync("UPDATE queues SET paused = false");

        await host.Services.GetRequiredService<TaskDispatcher>().DispatchAsync(Queue, Place.Cancellation);
        await host.Services.GetRequiredService<TaskExecutor>().ExecuteAsync(await ReceivedAsync(place), Place.Cancellation);

        await Books.AssertAllEndedAsync(place, 1);
    }

    [Fact]
    public async Task A_message_whose_ticket_is_gone_makes_room_for_the_ticket_that_waits_longest()
    {
        await using var place = await Place.NewAsync();
        var quiet = new[] { "Execute", "ExecuteUrgent", "Dispatch", "Heal", "Wake" }.ToDictionary(static name => $"AzureWebJobs.{name}.Disabled", static _ => "true");
        await using var host = await PipelineHost.StartAsync(place, quiet);
        await new Work(place, host.Client, Queue).SubmitManyAsync(20, "process");
        await place.UntilAsync("EXISTS (SELECT FROM tickets)");
        await place.ExecuteAsync("UPDATE tickets SET created_at = now() - interval '1 second'");

        await host.Services.GetRequiredService<TaskExecutor>().ExecuteAsync(
            $$"""{"ticket_id": 999999, "queue_name": "{{Queue}}", "traceparent": null}""", Place.Cancellation);

        await Books.AssertAllEndedAsync(place, 20);
    }

    /// <summary>The ticket's message, which the pass after the submission may be sending at this moment.</summary>
    private static async Task<string> ReceivedAsync(Place place)
    {
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20);)
        {
            if ((await place.Queue(QueueNames.Tickets).ReceiveMessageAsync(cancellationToken: Place.Cancellation)).Value is { } message)
            {
                return message.MessageText;
            }
        }

        throw new TimeoutException("No ticket was sent within 20 s.");
    }

    [Fact]
    public async Task Messages_that_are_lost_only_delay()
    {
        await using var place = await Place.NewAsync();
        await using (var submits = await PipelineHost.StartAsync(place, NoExecutors))
        {
            await new Work(place, submits.Client, Queue).SubmitManyAsync(300, "process", "\"max_retries\": 0");
            await place.UntilAsync("EXISTS (SELECT FROM tickets)");
        }

        await place.LoseMessagesAsync();
        await using var host = await PipelineHost.StartAsync(place);

        // The lease of a ticket that nobody started is three seconds here.
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks)", TimeSpan.FromSeconds(15));
        await Books.AssertAllEndedAsync(place, 300);
        Assert.Equal(300, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE attempts = 1 AND crashes = 0"));
    }

    [Fact]
    public async Task Tickets_whose_message_ended_on_a_poison_queue_are_healed_at_once()
    {
        await using var place = await Place.NewAsync();
        await using (var submits = await PipelineHost.StartAsync(place, NoExecutors))
        {
            await new Work(place, submits.Client, Queue).SubmitManyAsync(20, "process", "\"max_retries\": 0");
            await place.UntilAsync("EXISTS (SELECT FROM tickets)");
            await submits.StopAsync();
        }

        await place.LoseMessagesAsync();
        await place.ExecuteAsync("UPDATE tickets SET lease_until = now() + interval '1 hour'");
        foreach (var ticket in await place.ScalarAsync<long[]>("SELECT array_agg(id) FROM tickets"))
        {
            await place.Queue(QueueNames.TicketsPoison).SendMessageAsync(
                $$"""{"ticket_id": {{ticket}}, "queue_name": "{{Queue}}", "traceparent": null}""", Place.Cancellation);
        }

        await using var host = await PipelineHost.StartAsync(place);
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks)");
        await Books.AssertAllEndedAsync(place, 20);
        Assert.Equal(20, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE attempts = 1 AND crashes = 0"));
    }

    [Fact]
    public async Task Without_timers_the_wakes_alone_bring_delayed_and_retried_work()
    {
        var scripts = new Scripts
        {
            [Queue] = static context => new(context.AttemptNumber == 1 ? TaskOutcome.Failed("once", "Again.") : TaskOutcome.Succeeded()),
        };
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(place, NoTimers, scripts);
        var work = new Work(place, host.Client, Queue);

        await work.SubmitManyAsync(50, fields: "\"delay_seconds\": 1, \"retry_delay_seconds\": 1.5");

        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks)", TimeSpan.FromSeconds(15));
        await Books.AssertAllEndedAsync(place, 50);
    }

    [Fact]
    public async Task Without_timers_the_wakes_alone_heal_the_ticket_of_a_dead_executor()
    {
        await using var place = await Place.NewAsync();
        await using (var submits = await PipelineHost.StartAsync(place, NoExecutors))
        {
            await new Work(place, submits.Client, Queue).SubmitManyAsync(5, "process");
            await place.UntilAsync("EXISTS (SELECT FROM wakes WHERE purpose = 'heal')");
            await place.ExecuteAsync("""
                WITH begun AS (UPDATE claims SET begun_through = 5)
                UPDATE tickets SET state = 'running', executor_id = gen_random_uuid(), started_at = now(), lease_until = now() + interval '3 seconds'
                """);
            await submits.StopAsync();
        }

        await using var host = await PipelineHost.StartAsync(place, NoTimers);
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks)");
        await Books.AssertAllEndedAsync(place, 5);
        Assert.Equal(5, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE attempts = 2 AND crashes = 1"));
    }

    [Fact]
    public async Task A_wake_over_seven_days_away_comes_early_and_plans_the_next()
    {
        await using var place = await Place.NewAsync();
        var due = new DateTimeOffset(await place.ScalarAsync<DateTime>("SELECT now() + interval '10 days'"));

        WakeOrder[] wanted = [new(Queue, WakePurpose.Dispatch, due)];

        var delay = Assert.Single(await place.Store.PlanWakesAsync(wanted, Place.Cancellation)).Delay;
        Assert.True(delay < TimeSpan.FromDays(7), $"The message would be hidden for {delay}.");
        Assert.Empty(await place.Store.PlanWakesAsync(wanted, Place.Cancellation));

        await place.ExecuteAsync("UPDATE wakes SET due_at = due_at - interval '7 days'");
        await place.Store.ForgetWakesAsync([Queue], WakePurpose.Dispatch, Place.Cancellation);
        Assert.Single(await place.Store.PlanWakesAsync(wanted, Place.Cancellation));
    }

    private static Dictionary<string, string> NoTimers => new()
    {
        ["AzureWebJobs.Dispatch.Disabled"] = "true",
        ["AzureWebJobs.Heal.Disabled"] = "true",
    };

    private static async Task UntilDrainedAsync(Place place)
    {
        var began = TimeProvider.System.GetTimestamp();
        foreach (var queue in (string[])[QueueNames.Tickets, QueueNames.Urgent, QueueNames.TicketsPoison, QueueNames.UrgentPoison, QueueNames.WakesPoison])
        {
            while ((await place.Queue(queue).GetPropertiesAsync(Place.Cancellation)).Value.ApproximateMessagesCountLong > 0)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"Messages stay in {queue}.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Place.Cancellation);
            }
        }
    }
}
