using System.Net;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Http;
using CloudNative.CloudEvents.SystemTextJson;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>Events as the CloudEvents SDK sends them are tasks, in all three modes of the HTTP binding.</summary>
public sealed class CloudEventTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private const string Url = "api/v1/tasks";

    private static readonly JsonEventFormatter Formatter = new();

    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Theory]
    [InlineData(ContentMode.Structured)]
    [InlineData(ContentMode.Binary)]
    public async Task An_event_is_a_task_with_its_type_data_and_attributes(ContentMode mode)
    {
        var sent = Event(new { n = 1.5, text = "ä \"quoted\" 100 %" });
        sent.Subject = "größe 50 % \"x\"";
        sent.Time = new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
        sent.DataSchema = new Uri("https://example.com/schema.json");
        sent["priority"] = "high";
        sent["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        var (status, body) = await SendAsync(sent.ToHttpContent(mode, Formatter));

        Assert.Equal((HttpStatusCode.Accepted, 8), (status, body.GetProperty("priority").GetInt32()));
        var id = body.GetProperty("id").GetGuid();
        await work.UntilFinishedAsync(id);
        var task = await TaskAsync(id);
        Assert.Equal(1.5, task.GetProperty("result").GetProperty("n").GetDouble());
        Assert.Equal("ä \"quoted\" 100 %", task.GetProperty("data").GetProperty("text").GetString());
        var kept = task.GetProperty("context").GetProperty("cloudevent");
        Assert.Equal(
            (sent.Id, "/tests/cloud", "größe 50 % \"x\"", "high", "https://example.com/schema.json", work.Queue),
            (Kept("id"), Kept("source"), Kept("subject"), Kept("priority"), Kept("dataschema"), Kept("queuename")));
        Assert.Equal(sent.Time, kept.GetProperty("time").GetDateTimeOffset());
        Assert.StartsWith("application/json", Kept("datacontenttype"), StringComparison.Ordinal);
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", await work.FinishedAsync<string>(id, "traceparent"));

        string? Kept(string name) => kept.GetProperty(name).GetString();
    }

    [Fact]
    public async Task The_same_event_in_another_mode_is_the_same_task()
    {
        var sent = Event(new { a = 1 });
        var (_, first) = await SendAsync(sent.ToHttpContent(ContentMode.Structured, Formatter));
        sent["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        using var again = await pipeline.Host.Client.PostAsync(Url, sent.ToHttpContent(ContentMode.Binary, Formatter), Place.Cancellation);
        var original = JsonSerializer.Deserialize<JsonElement>(await again.Content.ReadAsStringAsync(Place.Cancellation));
        sent.Data = new { a = 2 };
        var (status, problem) = await SendAsync(sent.ToHttpContent(ContentMode.Binary, Formatter));

        Assert.Equal((HttpStatusCode.OK, "true"), (again.StatusCode, again.Headers.GetValues("Idempotent-Replayed").Single()));
        Assert.Equal(first.GetProperty("id").GetGuid(), original.GetProperty("id").GetGuid());
        Assert.Equal((HttpStatusCode.Conflict, "urn:millrace:problem:key-reused"), (status, problem.GetProperty("type").GetString()));
        Assert.Contains($"'/tests/cloud {sent.Id}'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_is_answered_item_by_item_or_wholly()
    {
        CloudEvent[] events = [Event(1), Event(2), Event(3)];
        events[1].Type = "no_such";
        var (atomicStatus, problem) = await SendAsync(events.ToHttpContent(Formatter), Url + "?atomic=true");
        var (status, body) = await SendAsync(events.ToHttpContent(Formatter));
        var (_, again) = await SendAsync(events.ToHttpContent(Formatter));

        Assert.Equal(HttpStatusCode.BadRequest, atomicStatus);
        Assert.True(problem.GetProperty("errors").TryGetProperty("[1].type", out _));
        Assert.Equal((HttpStatusCode.MultiStatus, "202 400 202"), (status, Statuses(body)));
        Assert.Equal((2, "200 400 200"), (again.GetProperty("duplicates").GetInt32(), Statuses(again)));
    }

    [Theory]
    [InlineData("application/json", " {\"b\": 1.0, \"a\": \"\\u00e4\"} ", "{\"b\": 1.0, \"a\": \"\\u00e4\"}")]
    [InlineData("application/vnd.x+json; charset=utf-8", "[1]", "[1]")]
    [InlineData("text/plain; charset=utf-8", "say \"ä\"", "\"say \\\"ä\\\"\"")]
    [InlineData("application/xml", "<a/>", "\"<a/>\"")]
    [InlineData("application/octet-stream", "abc", "\"YWJj\"")]
    [InlineData("image/png", "abcd", "\"YWJjZA==\"")]
    [InlineData(null, "{\"n\": 1}", "{\"n\": 1}")]
    [InlineData("application/json", "", "null")]
    public async Task A_binary_body_becomes_the_data_that_its_content_type_makes_of_it(string? contentType, string sent, string expected)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(sent));
        AddHeaders(content, contentType);
        var (status, body) = await SendAsync(content);

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(expected, await DataAsync(body));
    }

    [Theory]
    [InlineData("\"data\": {\"b\": 1.0,  \"a\": 1e2}", "{\"b\": 1.0,  \"a\": 1e2}")]
    [InlineData("\"datacontenttype\": \"text/plain\", \"data\": \"a \\u0041\"", "\"a \\u0041\"")]
    [InlineData("\"data_base64\": \"AAEC\"", "\"AAEC\"")]
    [InlineData("\"data_base64\": \"eyJhIjogMX0=\", \"datacontenttype\": \"application/json\"", "{\"a\": 1}")]
    [InlineData("\"subject\": null, \"data_base64\": null", "null")]
    [InlineData("\"number\": 7, \"flag\": true", "null")]
    public async Task Structured_data_comes_back_to_the_letter(string members, string expected)
    {
        var (status, body) = await SendAsync(Structured(members));

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(expected, await DataAsync(body));
    }

    [Theory]
    [InlineData("\"specversion\": \"0.3\", \"id\": \"\", \"source\": \"a b\", \"type\": 5", "id source specversion type")]
    [InlineData("\"specversion\": 1.0", "id source specversion type")]
    [InlineData("\"time\": \"yesterday\", \"subject\": \"\", \"dataschema\": \"/x\", \"datacontenttype\": \"json\"", "datacontenttype dataschema id source specversion subject time type")]
    [InlineData("\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/a\", \"type\": \"echo\", \"Bad-Name\": \"x\", \"nested\": {}, \"big\": 99999999999, \"queuename\": \"a b\", \"priority\": \"urgent\"", "Bad-Name big nested priority queuename")]
    [InlineData("\"specversion\": \"1.0\", \"id\": \"1\\u0001\", \"source\": \"/a\", \"source\": \"/b\", \"type\": \"echo\", \"data\": 1, \"data_base64\": \"AA==\"", "data_base64 id source")]
    [InlineData("\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/a\", \"type\": \"echo\", \"data_base64\": \"not base64\"", "data_base64")]
    [InlineData("\"specversion\": \"1.0\", \"id\": \"1\", \"source\": \"/a\", \"type\": \"echo\", \"datacontenttype\": \"application/json\", \"data_base64\": \"AA==\"", "data")]
    public async Task Every_fault_of_an_event_is_named_at_once(string members, string expected)
    {
        using var content = new StringContent($"{{{members}}}", Encoding.UTF8, "application/cloudevents+json");
        var (status, problem) = await SendAsync(content);

        Assert.Equal((HttpStatusCode.BadRequest, "urn:millrace:problem:invalid-task"), (status, problem.GetProperty("type").GetString()));
        Assert.Equal(expected, string.Join(' ', problem.GetProperty("errors").EnumerateObject().Select(static error => error.Name)));
    }

    [Fact]
    public async Task Headers_that_lack_an_attribute_are_told_which()
    {
        using var content = new StringContent("not json", Encoding.UTF8, "application/json");
        content.Headers.Add("ce-id", "1");
        content.Headers.Add("ce-datacontenttype", "text/plain");
        var (status, problem) = await SendAsync(content);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            ["data", "datacontenttype", "source", "specversion", "type"],
            problem.GetProperty("errors").EnumerateObject().Select(static error => error.Name));
    }

    [Fact]
    public async Task Source_and_id_together_have_a_bound_and_cannot_be_mistaken_for_others()
    {
        var (status, problem) = await SendAsync(Structured($"\"data\": 1", id: new string('i', 800)));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("800", problem.GetProperty("errors").GetProperty("id")[0].GetString(), StringComparison.Ordinal);

        var (first, _) = await SendAsync(Structured("\"data\": 1", id: "b c", source: "/" + work.Queue));
        var (second, _) = await SendAsync(Structured("\"data\": 2", id: "c", source: "/" + work.Queue + "b"));
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first, second));
    }

    [Theory]
    [InlineData("application/cloudevents+xml", "{}", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/cloudevents+json", "[]", HttpStatusCode.BadRequest)]
    [InlineData("application/cloudevents-batch+json", "{}", HttpStatusCode.BadRequest)]
    [InlineData("application/cloudevents-batch+json", "[]", HttpStatusCode.MultiStatus)]
    public async Task Formats_and_shapes_that_are_not_read_are_refused(string contentType, string body, HttpStatusCode expected)
    {
        using var answer = await Work.PostAsync(pipeline.Host.Client, Url, body, contentType);

        Assert.Equal(expected, answer.StatusCode);
    }

    private CloudEvent Event(object data) => new()
    {
        Id = Guid.CreateVersion7().ToString(),
        Source = new Uri("/tests/cloud", UriKind.RelativeOrAbsolute),
        Type = "echo",
        DataContentType = MediaTypeNames.Application.Json,
        Data = data,
        ["queuename"] = work.Queue,
    };

    private StringContent Structured(string members, string? id = null, string source = "/tests/structured") => new(
        $$"""
        {"specversion": "1.0", "id": "{{id ?? Guid.CreateVersion7().ToString()}}", "source": "{{source}}", "type": "echo",
         "queuename": "{{work.Queue}}", {{members}}}
        """,
        Encoding.UTF8,
        "application/cloudevents+json");

    private void AddHeaders(ByteArrayContent content, string? contentType)
    {
        foreach (var (name, value) in new[]
                 {
                     ("Content-Type", contentType), ("ce-specversion", "1.0"), ("CE-ID", Guid.CreateVersion7().ToString()),
                     ("ce-source", "\"/tests/binary\""), ("ce-type", "echo"), ("ce-queuename", work.Queue),
                 })
        {
            if (value is not null)
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    private async Task<string> DataAsync(JsonElement submitted)
    {
        var id = submitted.GetProperty("id").GetGuid();
        await work.UntilFinishedAsync(id);
        return (await TaskAsync(id)).GetProperty("data").GetRawText();
    }

    private async Task<JsonElement> TaskAsync(Guid id) =>
        JsonSerializer.Deserialize<JsonElement>(await pipeline.Host.Client.GetStringAsync($"{Url}/{id}", Place.Cancellation));

    private static string Statuses(JsonElement body) =>
        string.Join(' ', body.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("status").GetInt32()));

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpContent content, string url = Url)
    {
        using var answer = await pipeline.Host.Client.PostAsync(url, content, Place.Cancellation);
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Place.Cancellation)));
    }
}
