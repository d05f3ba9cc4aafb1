using System.Net;
using System.Text;
using System.Text.Json;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>What is not accepted, and the sentence that says what to write instead.</summary>
public sealed class RefusalTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private const string Url = "api/v1/tasks";

    [Theory]
    [InlineData("""{"data": 1}""", "type", "Say which handler")]
    [InlineData("""{"type": "no_such"}""", "type", "There is no handler for 'no_such'. This app has: ")]
    [InlineData("""{"type": 5}""", "type", "Write a text, not a number.")]
    [InlineData("""{"type": ""}""", "type", "Write 1 to 200 letters")]
    [InlineData("""{"type": "a b"}""", "type", "Write 1 to 200 letters")]
    [InlineData("""{"type": "\ud800"}""", "type", "Write 1 to 200 letters")]
    [InlineData("""{"type": "echo", "name": "echo"}""", "type", "It is given twice")]
    [InlineData("""{"type": "echo", "type": "echo"}""", "type", "It is given twice")]
    [InlineData("""{"type": "echo", "data": 1, "payload": 2}""", "data", "It is given twice")]
    [InlineData("""{"type": "echo", "priority": 3, "priority": 4}""", "priority", "It is given twice")]
    [InlineData("""{"type": "echo", "queue_name": null}""", "queue_name", "Write a text, not null.")]
    [InlineData("""{"type": "echo", "queue_name": "a\u0000b"}""", "queue_name", "Write 1 to 100 letters")]
    [InlineData("""{"type": "echo", "priority": 0}""", "priority", "Write a whole number from 1 to 10")]
    [InlineData("""{"type": "echo", "priority": 11}""", "priority", "Write a whole number from 1 to 10")]
    [InlineData("""{"type": "echo", "priority": 5.5}""", "priority", "Write a whole number from 1 to 10")]
    [InlineData("""{"type": "echo", "priority": "urgent"}""", "priority", "Write a whole number from 1 to 10")]
    [InlineData("""{"type": "echo", "priority": ["high"]}""", "priority", "Write a whole number from 1 to 10")]
    [InlineData("""{"type": "echo", "delay_seconds": -1}""", "delay_seconds", "Write a number from 0 to 31536000.")]
    [InlineData("""{"type": "echo", "delay_seconds": 1e400}""", "delay_seconds", "Write a number from 0 to 31536000.")]
    [InlineData("""{"type": "echo", "delay_seconds": "1"}""", "delay_seconds", "Write a number from 0 to 31536000.")]
    [InlineData("""{"type": "echo", "scheduled_at": "tomorrow"}""", "scheduled_at", "Write a time with its offset")]
    [InlineData("""{"type": "echo", "scheduled_at": "2027-01-31T08:00:00"}""", "scheduled_at", "Write a time with its offset")]
    [InlineData("""{"type": "echo", "scheduled_at": "\u0032027-01-31T08:00:00"}""", "scheduled_at", "Write a time with its offset")]
    [InlineData("""{"type": "echo", "scheduled_at": "2027-01-31"}""", "scheduled_at", "Write a time with its offset")]
    [InlineData("""{"type": "echo", "scheduled_at": "2027-13-31T08:00:00Z"}""", "scheduled_at", "Write a time with its offset")]
    [InlineData("""{"type": "echo", "scheduled_at": "0001-01-01T00:00:00+14:00"}""", "scheduled_at", "Write a time with its offset")]
    [InlineData("""{"type": "echo", "scheduled_at": "9999-12-31T23:59:59-14:00"}""", "scheduled_at", "Write a time with its offset")]
    [InlineData("""{"type": "echo", "scheduled_at": 1700000000}""", "scheduled_at", "Write a time with its offset")]
    [InlineData("""{"type": "echo", "scheduled_at": "\ud800"}""", "scheduled_at", "Write a time with its offset")]
    [InlineData("""{"type": "echo", "delay_seconds": 1, "scheduled_at": "2027-01-31T08:00:00Z"}""", "scheduled_at", "Give delay_seconds or scheduled_at")]
    [InlineData("""{"type": "echo", "expires_at": "never"}""", "expires_at", "Write a time with its offset")]
    [InlineData("""{"type": "echo", "max_retries": -1}""", "max_retries", "Write a whole number from 0 to 100.")]
    [InlineData("""{"type": "echo", "max_retries": 99999999999}""", "max_retries", "Write a whole number from 0 to 100.")]
    [InlineData("""{"type": "echo", "retry_backoff": 0.5}""", "retry_backoff", "Write a number from 1 to 100.")]
    [InlineData("""{"type": "echo", "timeout_seconds": 0}""", "timeout_seconds", "Write a whole number from 1 to 86400.")]
    [InlineData("""{"type": "echo", "context": [1]}""", "context", "Write an object")]
    [InlineData("""{"type": "echo", "tags": "one"}""", "tags", "Write up to 20 texts")]
    [InlineData("""{"type": "echo", "tags": [""]}""", "tags", "Write up to 20 texts")]
    [InlineData("""{"type": "echo", "tags": [{"a": 1}]}""", "tags", "Write up to 20 texts")]
    [InlineData("""{"type": "echo", "prioritee": 3}""", "prioritee", "There is no such field.")]
    [InlineData("""{"type": "echo", "\ud800": 3}""", "\uFFFD", "There is no such field.")]
    [InlineData("""{"type": "echo", "": 3}""", "", "There is no such field.")]
    public async Task A_field_that_is_wrong_is_named_with_what_to_write(string body, string field, string sentence)
    {
        var (status, problem) = await SendAsync(Encoding.UTF8.GetBytes(body));

        Assert.Equal((HttpStatusCode.BadRequest, "urn:millrace:problem:invalid-task"), (status, Slug(problem)));
        Assert.Contains(sentence, problem.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_very_many_faults_a_hundred_are_told()
    {
        var fields = string.Join(", ", Enumerable.Range(0, 500).Select(static n => $"\"field_{n}\": {n}"));

        var (status, problem) = await SendAsync(Encoding.UTF8.GetBytes($$"""{"type": "echo", {{fields}}}"""));

        var errors = problem.GetProperty("errors");
        Assert.Equal((HttpStatusCode.BadRequest, 101), (status, errors.EnumerateObject().Count()));
        Assert.StartsWith("And 400 more faults.", errors.GetProperty("…")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("""{"type": "echo",}""")]
    [InlineData("""{"type": "echo"} {}""")]
    [InlineData("""{"type": "echo", "data": 01}""")]
    [InlineData("""{"type": "echo", "data": NaN}""")]
    [InlineData("""{'type': 'echo'}""")]
    [InlineData("""{"type": "echo" /* a comment */}""")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("\"echo\"")]
    [InlineData("[5]")]
    [InlineData("""[{"type": "echo"}""")]
    [InlineData("""[{"type": "echo"}] x""")]
    public async Task A_body_that_is_not_the_JSON_of_a_task_is_refused_whole(string body)
    {
        var (status, problem) = await SendAsync(Encoding.UTF8.GetBytes(body));

        Assert.Equal((HttpStatusCode.BadRequest, "urn:millrace:problem:invalid-json"), (status, Slug(problem)));
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task Every_fault_is_named_at_once()
    {
        var (_, problem) = await SendAsync("""{"type": "no_such", "priority": 0, "delay_seconds": -1, "colour": 1}"""u8.ToArray());

        Assert.Equal(
            ["colour", "delay_seconds", "priority", "type"],
            problem.GetProperty("errors").EnumerateObject().Select(static error => error.Name));
    }

    [Fact]
    public async Task Data_nested_deeper_than_64_is_refused()
    {
        var (status, problem) = await SendAsync(Nested(64));
        Assert.Equal((HttpStatusCode.BadRequest, "urn:millrace:problem:invalid-json"), (status, Slug(problem)));
        Assert.Contains("64", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        (status, _) = await SendAsync(Nested(63));
        Assert.Equal(HttpStatusCode.Accepted, status);
    }

    [Theory]
    [InlineData(1_048_576, HttpStatusCode.Accepted)]
    [InlineData(1_048_577, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(20_000_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_task_may_have_one_megabyte_to_the_byte(int length, HttpStatusCode expected)
    {
        const string start = """{"type": "process", "data": "x""";
        var (status, problem) = await SendAsync(Encoding.UTF8.GetBytes(start + new string('x', length - start.Length - 2) + "\"}"));

        Assert.Equal(expected, status);
        Assert.True(expected == HttpStatusCode.Accepted || Slug(problem) == "urn:millrace:problem:body-too-large");
    }

    [Fact]
    public async Task A_body_that_is_not_UTF_8_is_refused()
    {
        var (status, problem) = await SendAsync([.. """{"type": "echo", "data": " """u8, 0xFF, .. "\"}"u8]);

        Assert.Equal((HttpStatusCode.BadRequest, "The body is not UTF-8. Encode it as UTF-8 and send it again."), (status, problem.GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData(Url, "text/plain", "application/json")]
    [InlineData(Url, "application/jsonp", "application/json")]
    [InlineData("api/v1/tasks/bulk", "application/json", "application/x-ndjson")]
    [InlineData("api/v1/tasks/bulk", null, "application/x-ndjson")]
    public async Task A_wrong_content_type_is_answered_with_the_right_one(string url, string? sent, string expected)
    {
        using var answer = await Work.PostAsync(pipeline.Host.Client, url, """{"type": "echo"}"""u8.ToArray(), sent);
        var problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Place.Cancellation));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.EndsWith($"send {expected}.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(
        $$"""{"type": "process", "data": {{new string('[', depth)}}{{new string(']', depth)}}}""");

    private static string? Slug(JsonElement problem) => problem.GetProperty("type").GetString();

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(byte[] body)
    {
        using var answer = await Work.PostAsync(pipeline.Host.Client, Url, body, "application/json");
        var text = await answer.Content.ReadAsStringAsync(Place.Cancellation);
        return (answer.StatusCode, text.StartsWith('{') ? JsonSerializer.Deserialize<JsonElement>(text) : default);
    }
}
