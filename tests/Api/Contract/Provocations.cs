using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Api.OpenApi;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Submit;
using Millrace.Tests.Support;

namespace Millrace.Tests.Api.Contract;

/// <summary>For each problem that an operation declares, the request that is answered with it, and the state of things that makes it so.</summary>
internal sealed class Provocations(PipelineHost host, Place place) : IAsyncDisposable
{
    private const string Fault = """{"priority": 0}""";

    private readonly Work work = new(place, host.Client);
    private readonly List<IDisposable> seats = [];

    internal async Task<ApiRequest> MakeAsync(ApiOperation operation, ApiProblem problem)
    {
        var whole = ApiRequest.FunctionOf(operation) == "FailureReplay" && problem != ApiProblems.FailureNotFound
            ? ApiRequest.To(operation, await FingerprintAsync())
            : ApiRequest.To(operation);
        return problem.Slug switch
        {
            "invalid-id" => ApiRequest.To(operation, "7"),
            "invalid-query" => whole with { Url = whole.Url + (operation.Method == "GET" ? "?nobody=1" : "?atomic=perhaps") },
            "invalid-json" => whole with { Body = "{" },
            "invalid-task" when whole.MediaType != "application/json" => whole with { Header = ("Idempotency-Key", new string('k', 201)) },
            "invalid-task" => whole with { Body = """{"type": 5}""" },
            "invalid-edit" or "invalid-retry" => whole with { Body = Fault },
            "invalid-bulk-action" => whole with { Body = """{"nonsense": 1}""" },
            "invalid-queue" => whole with { Body = """{"max_depth": 0}""" },
            "body-too-large" => whole with { Body = "{}" + new string(' ', 1_048_576) },
            "unsupported-media-type" => whole with { MediaType = "text/plain", Body = whole.Body ?? "{}" },
            "too-many-items" => whole with { Body = $"[{string.Join(',', Enumerable.Repeat("{}", 10_001))}]" },
            "task-not-found" or "dead-letter-not-found" or "bulk-action-not-found" or "worker-not-found" or "failure-not-found" => whole,
            "preset-not-found" => ApiRequest.To(operation, "nothing"),
            "queue-not-found" => ApiRequest.To(operation, "a%20b"),
            "queue-not-empty" => ApiRequest.To(operation, await UsedAsync()),
            "not-confirmed" => await ConfirmedTooFewAsync(operation),
            _ => await OfAStateAsync(operation, problem, whole),
        };
    }

    public async ValueTask DisposeAsync()
    {
        seats.ForEach(static seat => seat.Dispose());
        await place.ExecuteAsync("DROP TRIGGER IF EXISTS stand_still ON tasks");
        await place.ExecuteAsync("DROP TRIGGER IF EXISTS stand_still ON dead_letters");
        await place.ExecuteAsync("UPDATE queues SET paused = false WHERE name = 'millrace'");
    }

    private async Task<ApiRequest> OfAStateAsync(ApiOperation operation, ApiProblem problem, ApiRequest whole) => problem.Slug switch
    {
        "not-dead" or "not-ended" => ApiRequest.To(operation, await WaitingAsync()),
        "not-waiting" => ApiRequest.To(operation, await DeadAsync()),
        "not-cancellable" when operation.Function == "BulkActionAbort" => ApiRequest.To(operation, await ActionAsync(isDone: true)),
        "not-cancellable" => ApiRequest.To(operation, await DeadAsync()),
        "restless-task" => ApiRequest.To(operation, await RestlessAsync(operation.Function)),
        "version-changed" => ApiRequest.To(operation, await WaitingAsync()) with { Header = ("If-Match", "\"pending-1\"") },
        "key-reused" => whole with { Body = Keyed(2), Header = ("Idempotency-Key", await KnownAsync()) },
        "original-gone" => whole with { Body = Keyed(1), Header = ("Idempotency-Key", await GoneAsync()) },
        "queue-full" => whole with { Body = $$"""{"type": "process", "queue_name": "{{await FullAsync()}}"}""" },
        "too-many-wait" => Waiting(ApiRequest.To(operation, await NoSeatAsync())),
        _ => throw new ArgumentException($"{operation.Function} declares {problem.Slug}, and nobody knows how to provoke it. Say it here, or mend the table.", nameof(problem)),
    };

    private static ApiRequest Waiting(ApiRequest request) => request with { Url = request.Url + "?wait=1" };

    /// <summary>There is one more than is confirmed.</summary>
    private async Task<ApiRequest> ConfirmedTooFewAsync(ApiOperation operation)
    {
        if (operation.Path.EndsWith("purge", StringComparison.Ordinal))
        {
            await DeadAsync();
            return ApiRequest.To(operation) with { Body = $$"""{"filters": {"queue_name": "{{work.Queue}}"}, "confirm": 0}""" };
        }

        await WaitingAsync();
        return ApiRequest.To(operation, work.Queue) with { Body = """{"confirm": 0}""" };
    }

    private async Task<string> UsedAsync()
    {
        await WaitingAsync();
        return work.Queue;
    }

    private string Keyed(int data) => $$"""{"type": "process", "queue_name": "{{work.Queue}}", "data": {{data}}}""";

    private async Task<string> WaitingAsync() => (await work.SubmitAsync(type: "process", fields: "\"delay_seconds\": 3600")).ToString();

    private async Task<string> DeadAsync()
    {
        var id = await work.SubmitAsync("""{"permanent": true}""", type: "fail");
        await work.UntilDeadAsync(id);
        return id.ToString();
    }

    private async Task<string> FingerprintAsync()
    {
        var task = JsonElement.Parse(await host.Client.GetStringAsync($"api/v1/dlq/failed-tasks/{await DeadAsync()}", Place.Cancellation));
        return task.GetProperty("fingerprint").GetString()!;
    }

    /// <summary>A bulk action that finds nothing to do.</summary>
    private async Task<string> ActionAsync(bool isDone)
    {
        await place.ExecuteAsync(
            "INSERT INTO queues (name, paused) VALUES ('millrace', $1) ON CONFLICT (name) DO UPDATE SET paused = $1", !isDone);
        using var answer = await Work.PostAsync(
            host.Client, "api/v1/search/tasks/bulk-action", $$"""{"action": "boost", "filters": {"queue_name": "{{ApiRequest.EmptyQueue}}"} }""");
        var id = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Place.Cancellation)).GetProperty("id").GetGuid();
        if (isDone)
        {
            await work.UntilFinishedAsync(id);
        }

        return id.ToString();
    }

    /// <summary>A task of which every write finds that another was there before; the table itself plays the other.</summary>
    private async Task<string> RestlessAsync(string function)
    {
        var (table, id) = function switch
        {
            "ReplayTask" => ("dead_letters", await DeadAsync()),
            "BulkActionAbort" => ("tasks", await ActionAsync(isDone: false)),
            _ => ("tasks", await WaitingAsync()),
        };
        await place.ExecuteAsync("CREATE OR REPLACE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
        await place.ExecuteAsync($"""
            CREATE TRIGGER stand_still BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW WHEN (OLD.id = '{id}') EXECUTE FUNCTION stand_still()
            """);
        return id;
    }

    private async Task<string> KnownAsync()
    {
        var key = $"key-{Guid.CreateVersion7():N}";
        using var request = new ApiRequest("POST", "api/v1/tasks") { Body = Keyed(1), Header = ("Idempotency-Key", key) }.ToMessage();
        using var answer = await host.Client.SendAsync(request, Place.Cancellation);
        Assert.True(answer.IsSuccessStatusCode);
        await work.UntilDoneAsync();
        return key;
    }

    private async Task<string> GoneAsync()
    {
        var key = await KnownAsync();
        await place.ExecuteAsync("DELETE FROM finished_tasks WHERE queue_name = $1", work.Queue);
        return key;
    }

    private async Task<string> FullAsync()
    {
        var queue = $"full-{Guid.CreateVersion7():N}";
        await place.ExecuteAsync("INSERT INTO queues (name, paused, max_depth) VALUES ($1, true, 1)", queue);
        await new Given(place.Store, queue).SubmittedAsync();
        var room = host.Services.GetRequiredService<QueueRoom>();
        while (room.TryTake(queue))
        {
            room.Return(queue);
            await room.RefreshAsync(Place.Cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Place.Cancellation);
        }

        return queue;
    }

    private async Task<string> NoSeatAsync()
    {
        var id = await WaitingAsync();
        var watch = host.Services.GetRequiredService<ResultWatch>();
        while (watch.TryEnter(new TaskId(Guid.Parse(id)), Guid.CreateVersion7().ToString()) is { } seat)
        {
            seats.Add(seat);
        }

        return id;
    }
}
