using System.IO.Pipelines;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Api.Answers;
using Millrace.Api.Submission;
using Millrace.Api.Views;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>Many tasks in one request: arrays and streams of lines.</summary>
public sealed class BulkTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    private string Good => $$"""{"type": "process", "queue_name": "{{work.Queue}}"}""";

    [Fact]
    public async Task An_array_is_answered_item_by_item()
    {
        var (status, body) = await PostAsync("api/v1/tasks", $$"""[{{Good}}, {"type": "no_such"}, {{Good}}]""", "application/json");

        Assert.Equal(HttpStatusCode.MultiStatus, status);
        Assert.Equal((2, 1), (body.GetProperty("accepted").GetInt32(), body.GetProperty("refused").GetInt32()));
        Assert.Equal([202, 400, 202], body.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("status").GetInt32()));
        foreach (var item in body.GetProperty("items").EnumerateArray().Where(static item => item.GetProperty("status").GetInt32() == 202))
        {
            await work.UntilFinishedAsync(item.GetProperty("id").GetGuid());
        }
    }

    [Fact]
    public async Task An_atomic_array_with_one_bad_item_leaves_nothing()
    {
        var (status, body) = await PostAsync("api/v1/tasks?atomic=true", $$"""[{{Good}}, {"type": "no_such"}, {{Good}}]""", "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.True(body.GetProperty("errors").TryGetProperty("[1].type", out _));
        Assert.Equal(0, await AcceptedAsync());
    }

    [Theory]
    [InlineData("atmic=true")]
    [InlineData("atomic=yes")]
    [InlineData("atomic=true&atomic=false")]
    public async Task A_query_that_is_not_understood_is_refused_and_not_passed_over(string query)
    {
        var (status, body) = await PostAsync($"api/v1/tasks?{query}", $"[{Good}]", "application/json");

        Assert.Equal((HttpStatusCode.BadRequest, "urn:millrace:problem:invalid-query"), (status, body.GetProperty("type").GetString()));
        Assert.Equal(0, await AcceptedAsync());
    }

    [Fact]
    public async Task An_empty_array_accepts_nothing()
    {
        var (status, body) = await PostAsync("api/v1/tasks", "[]", "application/json");

        Assert.Equal((HttpStatusCode.MultiStatus, 0), (status, body.GetProperty("accepted").GetInt32()));
    }

    [Fact]
    public async Task An_array_over_the_limit_is_refused_whole()
    {
        var items = string.Join(',', Enumerable.Repeat(Good, 10_001));
        var (status, _) = await PostAsync("api/v1/tasks", $"[{items}]", "application/json");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, 0), (status, await AcceptedAsync()));
    }

    [Fact]
    public async Task Lines_may_end_with_CRLF_be_empty_and_lack_the_last_newline()
    {
        var (status, body) = await StreamAsync($"{Good}\r\n\r\n  \n{Good}\n\n\t{Good}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((3, 0, 6, 6), Counts(body));
        await work.UntilDoneAsync();
    }

    [Fact]
    public async Task Bad_lines_are_named_by_number_and_stop_nobody()
    {
        var lines = Encoding.UTF8.GetBytes(
            $$"""
            {{Good}}
            {"type": "no_such"}
            not json
            [1]
            {{Good}} {}
            {"type": "echo", "\ud800": 1}

            {{Good}}
            """);
        var (status, body) = await StreamAsync([.. lines, .. "\n5\n"u8, (byte)'"', 0xFF, (byte)'"']);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal([2, 3, 4, 5, 6, 9, 10], Refused(body));
        Assert.Equal((2, 7, 10, 10), Counts(body));
        Assert.Equal("It is not UTF-8. Encode the stream as UTF-8.", body.GetProperty("refused")[6].GetProperty("errors").GetProperty("line")[0].GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_line_over_one_megabyte_is_refused_by_number_wherever_it_stands(bool isLast)
    {
        var large = $$"""{"type": "process", "queue_name": "{{work.Queue}}", "data": "{{new string('x', 3_000_000)}}"}""";
        var (status, body) = await StreamAsync(isLast ? $"{Good}\n{large}" : $"{Good}\n{large}\n{Good}\n");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal([2], Refused(body));
        Assert.Equal((isLast ? 1 : 2, 1, isLast ? 2 : 3, isLast ? 2 : 3), Counts(body));
    }

    [Fact]
    public async Task A_line_over_one_megabyte_is_counted_when_the_stream_ends_with_it_a_moment_later()
    {
        var body = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var request = new DefaultHttpContext();
        request.Features.Set<IRequestBodyPipeFeature>(new BodyPipe(body.Reader));
        request.Request.ContentType = "application/x-ndjson";
        await body.Writer.WriteAsync(new byte[1_100_000], Place.Cancellation);

        var answering = pipeline.Host.Services.GetRequiredService<BulkApi>().SubmitAsync(request.Request, Place.Cancellation);
        await body.Writer.CompleteAsync();

        var view = Assert.IsType<JsonAnswer<BulkView>>(await answering).Value;
        Assert.Equal((0, 1, 1), (view.Accepted, view.RefusedCount, view.Lines));
    }

    [Fact]
    public async Task A_line_of_exactly_one_megabyte_is_accepted()
    {
        var start = $$"""{"type": "process", "queue_name": "{{work.Queue}}", "data": "x""";
        var line = start + new string('x', 1_048_576 - start.Length - 2) + "\"}";
        var (_, body) = await StreamAsync($"{Good}\n{line}\r\n{Good}");

        Assert.Equal((3, 0, 3, 3), Counts(body));
    }

    [Fact]
    public async Task An_empty_stream_accepts_nothing()
    {
        var (status, body) = await StreamAsync(string.Empty);

        Assert.Equal((HttpStatusCode.OK, (0, 0, 0, 0)), (status, Counts(body)));
    }

    [Fact]
    public async Task Twenty_thousand_lines_all_end_once()
    {
        var (_, body) = await StreamAsync(string.Join('\n', Enumerable.Repeat(Good, 20_000)));

        Assert.Equal((20_000, 0, 20_000, 20_000), Counts(body));
        await work.UntilDoneAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(20_000, await pipeline.Place.ScalarAsync<long>(
            "SELECT count(*) FROM finished_tasks WHERE queue_name = $1 AND outcome = 'succeeded' AND attempts = 1", work.Queue));
    }

    private sealed record BodyPipe(PipeReader Reader) : IRequestBodyPipeFeature;

    private static (int Accepted, int Refused, int Lines, int Through) Counts(JsonElement body) => (
        body.GetProperty("accepted").GetInt32(), body.GetProperty("refused_count").GetInt32(),
        body.GetProperty("lines").GetInt32(), body.GetProperty("committed_through_line").GetInt32());

    private static IEnumerable<int> Refused(JsonElement body) =>
        body.GetProperty("refused").EnumerateArray().Select(static line => line.GetProperty("line").GetInt32());

    private Task<long> AcceptedAsync() => pipeline.Place.ScalarAsync<long>("""
        SELECT (SELECT count(*) FROM tasks WHERE queue_name = $1) + (SELECT count(*) FROM finished_tasks WHERE queue_name = $1)
        """, work.Queue);

    private Task<(HttpStatusCode Status, JsonElement Body)> StreamAsync(string lines) => StreamAsync(Encoding.UTF8.GetBytes(lines));

    private Task<(HttpStatusCode Status, JsonElement Body)> StreamAsync(byte[] lines) => PostAsync("api/v1/tasks/bulk", lines, "application/x-ndjson");

    private Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string url, string body, string contentType) =>
        PostAsync(url, Encoding.UTF8.GetBytes(body), contentType);

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string url, byte[] body, string contentType)
    {
        using var answer = await Work.PostAsync(pipeline.Host.Client, url, body, contentType);
        var text = await answer.Content.ReadAsStringAsync(Place.Cancellation);
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(text));
    }
}
