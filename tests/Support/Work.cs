using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Millrace.Tests.Support;

/// <summary>One queue of a place, and the tasks that a test sends there over HTTP.</summary>
internal sealed class Work(Place place, HttpClient client, string? queueName = null)
{
    internal string Queue { get; } = queueName ?? $"q-{Guid.CreateVersion7():N}";

    internal static Task<HttpResponseMessage> PostAsync(HttpClient client, string url, string body, string contentType = "application/json") =>
        PostAsync(client, url, Encoding.UTF8.GetBytes(body), contentType);

    internal static Task<HttpResponseMessage> PostAsync(HttpClient client, string url, byte[] body, string? contentType)
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return client.PostAsync(url, content, Place.Cancellation);
    }

    /// <summary>One task; <paramref name="fields"/> are further members, written as JSON.</summary>
    internal async Task<Guid> SubmitAsync(string data = "null", string fields = "", string type = "scripted")
    {
        var more = fields.Length == 0 ? string.Empty : ", " + fields;
        using var answer = await PostAsync(
            client, "api/v1/tasks", $$"""{"type": "{{type}}", "queue_name": "{{Queue}}", "data": {{data}}{{more}}}""");
        var body = await answer.Content.ReadAsStringAsync(Place.Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, body);
        using var view = JsonDocument.Parse(body);
        return view.RootElement.GetProperty("id").GetGuid();
    }

    /// <summary>Many tasks in one request; their data are the numbers from 0 unless <paramref name="data"/> says otherwise.</summary>
    internal async Task SubmitManyAsync(int count, string type = "scripted", string fields = "", Func<int, string>? data = null)
    {
        data ??= static n => n.ToString(CultureInfo.InvariantCulture);
        var more = fields.Length == 0 ? string.Empty : ", " + fields;
        var lines = Enumerable.Range(0, count).Select(n => $$"""{"type": "{{type}}", "queue_name": "{{Queue}}", "data": {{data(n)}}{{more}}}""");
        using var answer = await PostAsync(client, "api/v1/tasks/bulk", string.Join('\n', lines), "application/x-ndjson");
        var body = await answer.Content.ReadAsStringAsync(Place.Cancellation);
        Assert.True(answer.IsSuccessStatusCode && body.Contains($"\"accepted\":{count},", StringComparison.Ordinal), body);
    }

    internal Task UntilFinishedAsync(Guid id, string outcome = "succeeded") =>
        place.UntilAsync("EXISTS (SELECT FROM finished_tasks WHERE id = $1 AND outcome::text = $2)", id, outcome);

    internal Task UntilDeadAsync(Guid id) => place.UntilAsync("EXISTS (SELECT FROM dead_letters WHERE id = $1)", id);

    internal Task UntilRunningAsync(Guid id) => place.UntilAsync(
        "EXISTS (SELECT FROM tasks t, claim_of(t.queue_name, t.due_at, t.id) AS c, tickets k WHERE t.id = $1 AND k.id = c.ticket_id AND k.state = 'running')", id);

    /// <summary>Nothing of this queue is live any more.</summary>
    internal Task UntilDoneAsync(TimeSpan? longest = null) => place.UntilAsync(
        "NOT EXISTS (SELECT FROM tasks WHERE queue_name = $1)", longest ?? TimeSpan.FromSeconds(30), Queue);

    internal Task<T> FinishedAsync<T>(Guid id, string column) =>
        place.ScalarAsync<T>($"SELECT {column} FROM finished_tasks WHERE id = $1", id);

    internal Task<T> DeadAsync<T>(Guid id, string column) =>
        place.ScalarAsync<T>($"SELECT {column} FROM dead_letters WHERE id = $1", id);
}
