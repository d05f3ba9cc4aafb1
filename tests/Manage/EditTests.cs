using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Manage;

/// <summary>Changes to a task that waits, and to one that has ended.</summary>
public sealed class EditTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Place place = pipeline.Place;
    private readonly HttpClient client = pipeline.Host.Client;
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task An_edit_changes_data_to_the_letter_priority_and_due_time()
    {
        var id = await work.SubmitAsync(fields: "\"delay_seconds\": 900");

        var (status, task, _) = await SendAsync(HttpMethod.Patch, $"api/v1/tasks/{id}", """{"data": {"b": 1.0, "a": "é"}, "priority": "high", "scheduled_at": "2030-01-01T00:00:00+01:00"}""");

        Assert.Equal((HttpStatusCode.OK, 8), (status, task.GetProperty("priority").GetInt32()));
        Assert.Equal("""{"b": 1.0, "a": "é"}""", task.GetProperty("data").GetRawText());
        Assert.Equal(new DateTime(2029, 12, 31, 23, 0, 0, DateTimeKind.Utc), task.GetProperty("due_at").GetDateTime());
    }

    [Fact]
    public async Task Of_two_who_have_read_the_same_version_one_may_change_it()
    {
        var id = await work.SubmitAsync(fields: "\"delay_seconds\": 900");
        using var read = await client.GetAsync($"api/v1/tasks/{id}", Place.Cancellation);
        var tag = read.Headers.ETag!.ToString();

        var first = await SendAsync(HttpMethod.Patch, $"api/v1/tasks/{id}", """{"priority": 9}""", tag);
        var second = await SendAsync(HttpMethod.Patch, $"api/v1/tasks/{id}", """{"priority": 1}""", tag);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.PreconditionFailed), (first.Status, second.Status));
        Assert.Contains(first.Tag!, second.Body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Patch, $"api/v1/tasks/{id}", """{"priority": 1}""", first.Tag)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Patch, $"api/v1/tasks/{id}", """{"priority": 2}""", "*")).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Patch, $"api/v1/tasks/{id}", """{"priority": 2}""", "\"nonsense\"")).Status);
    }

    [Fact]
    public async Task A_running_task_keeps_its_tag_from_heartbeat_to_heartbeat_and_is_edited_by_nobody()
    {
        var never = new TaskCompletionSource<TaskOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        pipeline.Host.Scripts[work.Queue] = async context => await never.Task.WaitAsync(context.Cancellation);
        var id = await work.SubmitAsync();
        await work.UntilRunningAsync(id);
        using var read = await client.GetAsync($"api/v1/tasks/{id}", Place.Cancellation);
        await place.ExecuteAsync("UPDATE tickets SET lease_until = lease_until + interval '1 second'");
        using var later = await client.GetAsync($"api/v1/tasks/{id}", Place.Cancellation);

        var edit = await SendAsync(HttpMethod.Patch, $"api/v1/tasks/{id}", """{"priority": 9}""", read.Headers.ETag!.ToString());
        never.SetResult(TaskOutcome.Succeeded());

        Assert.Equal((HttpStatusCode.Conflict, read.Headers.ETag), (edit.Status, later.Headers.ETag));
    }

    [Fact]
    public async Task What_a_client_has_already_is_not_sent_again()
    {
        var id = await work.SubmitAsync(fields: "\"delay_seconds\": 900");
        using var read = await client.GetAsync($"api/v1/tasks/{id}", Place.Cancellation);
        using var again = new HttpRequestMessage(HttpMethod.Get, $"api/v1/tasks/{id}");
        again.Headers.IfNoneMatch.Add(read.Headers.ETag!);

        using var answer = await client.SendAsync(again, Place.Cancellation);

        Assert.Equal((HttpStatusCode.NotModified, read.Headers.ETag), (answer.StatusCode, answer.Headers.ETag));
    }

    [Fact]
    public async Task Rescheduled_to_now_it_runs_and_boosted_it_is_never_lowered()
    {
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Succeeded());
        var id = await work.SubmitAsync(fields: "\"delay_seconds\": 900, \"priority\": 6");
        Assert.Equal(6, (await SendAsync(HttpMethod.Post, $"api/v1/tasks/{id}/boost-priority", """{"priority": 3}""")).Body.GetProperty("priority").GetInt32());
        Assert.Equal(10, (await SendAsync(HttpMethod.Post, $"api/v1/tasks/{id}/boost-priority", null)).Body.GetProperty("priority").GetInt32());

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Post, $"api/v1/tasks/{id}/reschedule", """{"delay_seconds": 0}""")).Status);

        await work.UntilFinishedAsync(id);
    }

    [Fact]
    public async Task A_replay_of_a_finished_task_runs_changed_data_and_keeps_the_history()
    {
        pipeline.Host.Scripts[work.Queue] = static context => new(TaskOutcome.SucceededWithJson(context.Data));
        var id = await work.SubmitAsync("1");
        await work.UntilFinishedAsync(id);

        var (status, _, _) = await SendAsync(HttpMethod.Post, $"api/v1/tasks/{id}/replay", """{"data": 2}""");

        Assert.Equal(HttpStatusCode.Accepted, status);
        await place.UntilAsync("EXISTS (SELECT FROM finished_tasks WHERE id = $1 AND replays = 1)", id);
        var (_, task, _) = await SendAsync(HttpMethod.Get, $"api/v1/tasks/{id}", null);
        Assert.Equal(2, task.GetProperty("result").GetInt32());
        Assert.Equal(["succeeded", "succeeded"], task.GetProperty("attempts").EnumerateArray().Select(static a => a.GetProperty("outcome").GetString()));
    }

    [Theory]
    [InlineData("PATCH", "", "{}", "body")]
    [InlineData("PATCH", "", """{"queue_name": "x"}""", "queue_name")]
    [InlineData("PATCH", "", """{"priority": 0}""", "priority")]
    [InlineData("PATCH", "", """{"delay_seconds": 1, "scheduled_at": "2030-01-01T00:00:00Z"}""", "scheduled_at")]
    [InlineData("POST", "/reschedule", """{"priority": 3}""", "priority")]
    [InlineData("POST", "/reschedule", "", "body")]
    [InlineData("POST", "/boost-priority", """{"priority": "urgent"}""", "priority")]
    [InlineData("POST", "/boost-priority", """{"delay_seconds": 3}""", "delay_seconds")]
    public async Task A_change_with_a_fault_changes_nothing_and_says_which(string method, string verb, string body, string field)
    {
        var id = await work.SubmitAsync(fields: "\"delay_seconds\": 900");
        var (status, problem, _) = await SendAsync(new HttpMethod(method), $"api/v1/tasks/{id}{verb}", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.GetRawText());
    }

    [Theory]
    [InlineData("PATCH", "", """{"priority": 3}""")]
    [InlineData("POST", "/reschedule", """{"delay_seconds": 3}""")]
    [InlineData("POST", "/boost-priority", "")]
    [InlineData("POST", "/replay", "")]
    public async Task A_task_that_there_is_not_is_not_found_and_a_bad_id_is_told(string method, string verb, string body)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(new HttpMethod(method), $"api/v1/tasks/{Guid.CreateVersion7()}{verb}", body)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(new HttpMethod(method), $"api/v1/tasks/7{verb}", body)).Status);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body, string? Tag)> SendAsync(HttpMethod method, string url, string? body, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, url);
        if (!string.IsNullOrEmpty(body))
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var answer = await client.SendAsync(request, Place.Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Place.Cancellation);
        return (answer.StatusCode, JsonElement.Parse(text.Length == 0 ? "null" : text), answer.Headers.ETag?.ToString());
    }
}
