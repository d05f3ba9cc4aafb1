using System.Net;
using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Tests.Api.Founding;
using Millrace.Tests.Support;

namespace Millrace.Tests.Api;

/// <summary>The rest of the commands, and how they are sent.</summary>
public sealed partial class FoundingDocumentsTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The metrics that document 004 names.</summary>
    private static readonly string[] Metrics =
    [
        "task_submissions_total", "task_completions_total", "task_duration_seconds", "task_retries_total", "tasks_in_dlq_total",
        "active_workers_total", "pending_tasks_total", "retry_tasks_total", "task_failures_total", "worker_errors_total",
    ];

    /// <summary>"Response: current_load vs capacity. Should have: current_load &lt; capacity"</summary>
    private Task ShowsLoadBelowCapacityAsync(FoundingCommand command) => WhileOneRunsAsync(async _ =>
    {
        await place.UntilAsync("EXISTS (SELECT FROM executors WHERE current_load > 0)");
        var worker = await AskAsync(command, await place.ScalarAsync<Guid>("SELECT id FROM executors WHERE current_load > 0 LIMIT 1"));

        Assert.InRange(Number(worker, "current_load"), 1, Number(worker, "capacity") - 1);
        Assert.Equal(("active", true), (Text(worker, "status"), Number(worker, "tasks") >= 1));
    });

    private async Task ListsUpToFiveThatWaitAsync(FoundingCommand command)
    {
        await PauseAsync();
        await work.SubmitManyAsync(7);

        var tasks = (await AskAsync(command)).GetProperty("tasks");
        Assert.Equal(5, tasks.GetArrayLength());
        Assert.All(tasks.EnumerateArray(), task => Assert.Equal((work.Queue, "pending"), (Text(task, "queue_name"), Text(task, "status"))));
    }

    private Task CancelsWhatRunsAsync(FoundingCommand command) => WhileOneRunsAsync(async id =>
    {
        var task = await AskAsync(command, id, HttpStatusCode.Accepted);

        // The handler may have obeyed before the answer was read.
        Assert.True(task.GetProperty("cancel_requested").GetBoolean() || Text(task, "status") == "cancelled");
        await work.UntilFinishedAsync(id, "cancelled");
    });

    /// <summary>"Check connection pool"</summary>
    private async Task ShowsThePoolAsync(FoundingCommand command)
    {
        var health = await AskAsync(command);

        Assert.Equal(("healthy", true, 12), (Text(health, "status"), health.GetProperty("reachable").GetBoolean(), Number(health, "pool_size")));
        Assert.InRange(Number(health, "connections"), 1, Number(health, "max_connections"));
    }

    /// <summary>"Can I prioritize tasks dynamically? Yes, use boost priority"</summary>
    private async Task RaisesThePriorityAsync(FoundingCommand command)
    {
        var id = await work.SubmitAsync(fields: "\"delay_seconds\": 3600, \"priority\": \"low\"");
        Assert.Equal(10, Number(await AskAsync(command, id), "priority"));
    }

    private async Task ListsDeadLettersAsync(FoundingCommand command)
    {
        var id = await DeadAsync();
        var list = await AskAsync(command);

        Assert.NotNull(Named(list.GetProperty("tasks"), "id", id.ToString()));
        Assert.Equal(await place.ScalarAsync<long>("SELECT count(*) FROM dead_letters"), Number(list, "total"));
    }

    private async Task AcceptsAsync(FoundingCommand command, string type, int priority)
    {
        var accepted = await AskAsync(command, expected: HttpStatusCode.Accepted);
        var id = accepted.GetProperty("id").GetGuid();

        await work.UntilFinishedAsync(id);
        Assert.Equal((type, (short)priority), (await work.FinishedAsync<string>(id, "type"), await work.FinishedAsync<short>(id, "priority")));
    }

    /// <summary>"Check task status and retry count"</summary>
    private async Task ShowsStatusAndRetriesAsync(FoundingCommand command)
    {
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Failed("broken", "It broke."));
        var id = await work.SubmitAsync(fields: "\"max_retries\": 3, \"retry_delay_seconds\": 3600");
        await place.UntilAsync("EXISTS (SELECT FROM tasks WHERE id = $1 AND attempts = 1)", id);

        var task = await AskAsync(command, id);
        Assert.Equal(("retrying", 1, 3), (Text(task, "status"), Number(task, "attempt_count"), Number(task, "max_retries")));
    }

    private async Task RemovesItAsync(FoundingCommand command)
    {
        var id = await DeadAsync();
        await AskAsync(command, id, HttpStatusCode.NoContent);
        Assert.Equal(0, await place.ScalarAsync<long>("SELECT count(*) FROM dead_letters WHERE id = $1", id));
    }

    private async Task WritesEveryMetricAsync(FoundingCommand command)
    {
        var (status, text) = await SendAsync(command, null);
        var lines = text.Split('\n').ToList();

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.All(Metrics, metric => Assert.Contains(lines, line => line.StartsWith($"# TYPE {metric} ", StringComparison.Ordinal)));
    }

    /// <summary>A task runs until <paramref name="meanwhile"/> has looked.</summary>
    private async Task WhileOneRunsAsync(Func<Guid, Task> meanwhile)
    {
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Host.Scripts[work.Queue] = async context =>
        {
            await looked.Task.WaitAsync(context.Cancellation);
            return TaskOutcome.Succeeded();
        };
        var id = await work.SubmitAsync();
        try
        {
            await work.UntilRunningAsync(id);
            await meanwhile(id);
        }
        finally
        {
            looked.TrySetResult();
        }

        await work.UntilDoneAsync();
    }

    /// <summary>Numbers are kept for a moment: asks until they are the new ones.</summary>
    private async Task UntilAsync(FoundingCommand command, Func<JsonElement, bool> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        var view = await AskAsync(command);
        while (!condition(view))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Longest, view.GetRawText());
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Place.Cancellation);
            view = await AskAsync(command);
        }
    }

    private async Task<JsonElement> AskAsync(FoundingCommand command, Guid? id = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var (status, text) = await SendAsync(command, id);
        Assert.True(status == expected, $"{(int)status} {text}");
        return JsonElement.Parse(text.Length == 0 ? "null" : text);
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(FoundingCommand command, Guid? id)
    {
        var line = command.Text;
        foreach (var name in (string[])["{task_id}", "{TASK_ID}", "{worker_id}", "{id}"])
        {
            line = line.Replace(name, id?.ToString(), StringComparison.Ordinal);
        }

        using var request = CurlRequest.Parse(line).To(pipeline.Host.Client.BaseAddress!);
        using var answer = await pipeline.Host.Client.SendAsync(request, Place.Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Place.Cancellation));
    }
}
