using System.Net;
using System.Text.Json;
using Millrace.Client;

namespace Millrace.Tests.Client;

/// <summary>The requests that each method sends, against a stub.</summary>
public sealed class RequestTests
{
    private static readonly Guid Id = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 14, 0, 0, TimeSpan.FromHours(2));
    private static readonly TaskFilter Failed = new() { Status = "failed", Priority = 8, Data = new Dictionary<string, string> { ["customer.id"] = "4 2" } };

    private readonly StubApi api = StubApi.With("""{"id": "01890a5d-ac96-774b-bcce-b302099a8057", "status": "pending", "queue_name": "q"}""");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string?, Func<MillraceClient, Task>> Requests => new()
    {
        { $"POST api/v1/tasks/{Id}/replay", """{"data":{"a":1},"queue_name":"q"}""", static c => c.ReplayAsync(Id, new() { Data = Json("""{"a":1}"""), QueueName = "q" }, Cancellation) },
        { $"POST api/v1/tasks/{Id}/replay", "{}", static c => c.ReplayAsync(Id, null, Cancellation) },
        { $"POST api/v1/tasks/{Id}/boost-priority", """{"priority":9}""", static c => c.BoostAsync(Id, 9, Cancellation) },
        { $"POST api/v1/tasks/{Id}/boost-priority", "{}", static c => c.BoostAsync(Id, null, Cancellation) },
        { $"POST api/v1/tasks/{Id}/reschedule", """{"delay_seconds":90}""", static c => c.RescheduleAsync(Id, TimeSpan.FromSeconds(90), Cancellation) },
        { $"POST api/v1/tasks/{Id}/reschedule", """{"scheduled_at":"2026-05-01T14:00:00+02:00"}""", static c => c.RescheduleAsync(Id, Noon, Cancellation) },
        { $"PATCH api/v1/tasks/{Id}", """{"priority":1,"delay_seconds":1.5}""", static c => c.EditAsync(Id, new() { Priority = 1, Delay = TimeSpan.FromSeconds(1.5) }, null, Cancellation) },
        { $"GET api/v1/tasks/{Id}/explain", null, static c => c.ExplainAsync(Id, Cancellation) },
        { "POST api/v1/search/tasks/bulk-action", """{"action":"boost","filters":{"status":"failed","priority":8,"data.customer.id":"4 2"},"dry_run":true,"priority":10}""", static c => c.StartBulkActionAsync(new() { Action = BulkActionKind.Boost, Filters = Failed, DryRun = true, Priority = 10 }, Cancellation) },
        { $"GET api/v1/bulk-actions/{Id}", null, static c => c.GetBulkActionAsync(Id, Cancellation) },
        { $"POST api/v1/bulk-actions/{Id}/abort", null, static c => c.AbortBulkActionAsync(Id, Cancellation) },
        { "POST api/v1/failures/ab12/replay", """{"canary":5}""", static c => c.ReplayFailuresAsync("ab12", new() { Canary = 5 }, Cancellation) },
        { "POST api/v1/dlq/failed-tasks/retry", """{"filters":{},"all":true}""", static c => c.RetryDeadLettersAsync(new() { All = true }, Cancellation) },
        { "GET api/v1/queues/a%2Fb", null, static c => c.GetQueueAsync("a/b", Cancellation) },
        { "PUT api/v1/queues/q", """{"max_depth":100}""", static c => c.SetQueueAsync("q", new() { MaxDepth = 100 }, Cancellation) },
        { "PUT api/v1/queues/q", """{"max_depth":null}""", static c => c.SetQueueAsync("q", new(), Cancellation) },
        { "POST api/v1/queues/q/pause", null, static c => c.PauseQueueAsync("q", Cancellation) },
        { "POST api/v1/queues/q/resume", null, static c => c.ResumeQueueAsync("q", Cancellation) },
        { "GET api/v1/analytics/trends?window=24h&bucket=5m&queue_name=q", null, static c => c.GetTrendsAsync(new() { Window = TimeSpan.FromDays(1), Bucket = TimeSpan.FromMinutes(5), QueueName = "q" }, Cancellation) },
        { "GET api/v1/analytics/trends", null, static c => c.GetTrendsAsync(null, Cancellation) },
        { "GET api/v1/health/redis", null, static c => c.GetRedisHealthAsync(Cancellation) },
        { "GET api/v1/health/storage", null, static c => c.GetStorageHealthAsync(Cancellation) },
        { "GET api/v1/search/tasks?status=failed&priority=8&data.customer.id=4%202&limit=1000", null, static c => c.SearchAsync(Failed, Cancellation).CountAsync(Cancellation).AsTask() },
        { "GET api/v1/search/presets/oldest_pending?limit=1000", null, static c => c.SearchAsync(TaskPreset.OldestPending, Cancellation).CountAsync(Cancellation).AsTask() },
        { "GET api/v1/dlq/export?status=failed&priority=8&data.customer.id=4%202", null, static c => c.ExportDeadLettersAsync(Failed, Cancellation).CountAsync(Cancellation).AsTask() },
    };

    [Theory]
    [MemberData(nameof(Requests), DisableDiscoveryEnumeration = true)]
    public async Task A_method_sends_the_request_of_its_route(string line, string? body, Func<MillraceClient, Task> call)
    {
        await call(api.Client());

        Assert.Equal((line, body), (api.Only.Line, api.Only.Body));
    }

    [Fact]
    public async Task A_task_is_sent_with_the_names_of_the_API()
    {
        await api.Client().SubmitAsync(
            new NewTask
            {
                Type = "echo",
                Data = Json("\"é\""),
                QueueName = "q",
                Priority = TaskPriority.High,
                Delay = TimeSpan.FromMinutes(1),
                ExpiresAt = Noon,
                MaxRetries = 0,
                RetryDelay = TimeSpan.FromMilliseconds(250),
                RetryBackoff = 1,
                MaxRetryDelay = TimeSpan.FromSeconds(2),
                Timeout = TimeSpan.FromSeconds(3),
                ExternalId = "x",
                ResultTtl = TimeSpan.Zero,
                Tags = ["t"],
                Context = Json("{}"),
            },
            cancellation: Cancellation);

        Assert.Equal(
            """
            {"type":"echo","data":"é","queue_name":"q","priority":8,"delay_seconds":60,"expires_at":"2026-05-01T14:00:00+02:00","max_retries":0,
            "retry_delay_seconds":0.25,"retry_backoff":1,"max_retry_delay_seconds":2,"timeout_seconds":3,"external_id":"x","result_ttl_seconds":0,
            "tags":["t"],"context":{}}
            """.ReplaceLineEndings(string.Empty),
            api.Only.Body);
    }

    [Fact]
    public async Task An_edit_names_the_version_that_was_read()
    {
        var versioned = new StubApi(static _ =>
        {
            var answer = StubApi.Json(HttpStatusCode.OK, """{"id": "01890a5d-ac96-774b-bcce-b302099a8057"}""");
            answer.Headers.ETag = new("\"7\"");
            return answer;
        });
        var client = versioned.Client();

        var task = await client.GetAsync(Id, Cancellation);
        await client.EditAsync(task!, new TaskEdit { Data = Json("1") }, Cancellation);

        Assert.Equal(("\"7\"", """{"data":1}"""), (versioned.All[1].Headers["If-Match"], versioned.All[1].Body));
    }

    [Fact]
    public async Task A_task_that_has_not_changed_is_not_sent_again()
    {
        var unchanged = new StubApi(static _ => new HttpResponseMessage(HttpStatusCode.NotModified));
        var task = new TaskInfo { Id = Id, ETag = "\"7\"" };

        Assert.Same(task, await unchanged.Client().RefreshAsync(task, Cancellation));
        Assert.Equal("\"7\"", unchanged.Only.Headers["If-None-Match"]);
    }

    [Fact]
    public async Task Logs_are_read_to_the_last_page()
    {
        var logs = new StubApi(static asked => StubApi.Json(HttpStatusCode.OK, asked.Path.Contains("cursor=", StringComparison.Ordinal)
            ? """{"lines": [{"at": "2026-05-01T12:00:01Z", "attempt": 1, "level": "info", "message": "b"}]}"""
            : """{"lines": [{"at": "2026-05-01T12:00:00Z", "attempt": 1, "level": "info", "message": "a"}], "next_cursor": "c+d"}"""));

        var lines = await logs.Client().ReadLogsAsync(Id, Cancellation).ToListAsync(Cancellation);

        Assert.Equal(["a", "b"], lines.Select(static line => line.Message));
        Assert.Equal([$"GET api/v1/tasks/{Id}/logs?limit=1000", $"GET api/v1/tasks/{Id}/logs?limit=1000&cursor=c%2Bd"], logs.All.Select(static asked => asked.Line));
    }

    [Fact]
    public async Task What_a_later_API_says_beyond_the_known_is_kept_or_passed_over()
    {
        var later = StubApi.With("""{"queue_name": "q", "paused": true, "max_depth": 5, "concurrency": 3}""");

        var queue = await later.Client().GetQueueAsync("q", Cancellation);

        Assert.Equal((true, 5, 3), (queue!.Paused, queue.MaxDepth, queue.More!["concurrency"].GetInt32()));
    }

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
