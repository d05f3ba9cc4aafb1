using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Millrace.Api.OpenApi;
using Millrace.Tests.Api.Contract;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;
using Npgsql;

namespace Millrace.Tests.Api;

/// <summary>Every problem that the table of operations declares is answered: with its status, its type and a sentence, and nothing is changed.</summary>
public sealed class ProblemTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    /// <summary>Bulk actions of other cases may go on meanwhile; there must be no more of them.</summary>
    private const string Everything = """
        SELECT md5(concat_ws('|',
            (SELECT string_agg(t::text, ',' ORDER BY id) FROM tasks AS t WHERE queue_name <> 'millrace'),
            (SELECT string_agg(f::text, ',' ORDER BY id) FROM finished_tasks AS f WHERE queue_name <> 'millrace'),
            (SELECT string_agg(d::text, ',' ORDER BY id) FROM dead_letters AS d WHERE queue_name <> 'millrace'),
            (SELECT count(*) FROM (SELECT id FROM tasks WHERE queue_name = 'millrace'
                                   UNION ALL SELECT id FROM finished_tasks WHERE queue_name = 'millrace'
                                   UNION ALL SELECT id FROM dead_letters WHERE queue_name = 'millrace') AS actions),
            (SELECT string_agg(concat_ws(' ', name, paused, max_depth), ',' ORDER BY name) FROM queues WHERE name <> 'millrace')))
        """;

    public static TheoryData<string, string> Declared => new(
        from operation in ApiOperations.All
        from problem in operation.Problems
        select (operation.Function, problem.Slug));

    [Theory]
    [MemberData(nameof(Declared))]
    public async Task A_problem_that_is_declared_is_answered_and_nothing_is_changed(string function, string slug)
    {
        var operation = ApiOperations.All.Single(one => one.Function == function);
        var problem = operation.Problems.Single(one => one.Slug == slug);
        await using var provocations = new Provocations(pipeline.Host, pipeline.Place);
        var request = await provocations.MakeAsync(operation, problem);
        await pipeline.Place.UntilAsync("""
            NOT EXISTS (SELECT FROM tasks t JOIN queues q ON q.name = t.queue_name WHERE t.due_at <= now() AND NOT q.paused AND q.name <> 'millrace')
            """);
        var before = await pipeline.Place.ScalarAsync<string>(Everything);

        await AssertAnsweredAsync(pipeline.Host.Client, request, problem);

        Assert.Equal(before, await pipeline.Place.ScalarAsync<string>(Everything));
    }

    [Fact]
    public async Task Whatever_needs_the_database_says_when_that_is_away()
    {
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(place);
        await TestServer.DropDatabaseAsync(new NpgsqlConnectionStringBuilder(place.Postgres).Database!);

        foreach (var operation in ApiOperations.All.Where(static one => one.NeedsDatabase))
        {
            await AssertAnsweredAsync(host.Client, ApiRequest.To(operation), ApiProblems.StoreUnavailable);
        }

        var (status, view) = await SendAsync(host.Client, ApiRequest.To(ApiOperations.All.Single(static one => one.Function == "SubmitBulk")));
        Assert.Equal((503, ApiProblems.StoreUnavailable.Type), (status, view.GetProperty("problem").GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Whatever_is_limited_says_when_there_were_too_many_requests()
    {
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(place, new Dictionary<string, string>
        {
            ["Millrace__Api__RequestsPerSecond"] = "0.0001",
            ["Millrace__Api__Burst"] = "1",
        });
        (await host.Client.GetAsync("api/v1/tasks", Place.Cancellation)).Dispose();

        foreach (var operation in ApiOperations.All.Where(static one => one.IsLimited))
        {
            await AssertAnsweredAsync(host.Client, ApiRequest.To(operation), ApiProblems.TooManyRequests);
        }
    }

    [Fact]
    public async Task A_stream_that_is_no_HTTP_in_the_end_is_told_how_far_it_came()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, pipeline.Host.Client.BaseAddress!.Port, Place.Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync("POST /api/v1/tasks/bulk HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\n"u8.ToArray(), Place.Cancellation);
        await stream.WriteAsync("Transfer-Encoding: chunked\r\n\r\n3\r\n{}\n\r\nthis is no chunk\r\n"u8.ToArray(), Place.Cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(Place.Cancellation);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains(ApiProblems.StreamBroken.Type, answer, StringComparison.Ordinal);
        Assert.Contains("committed_through_line", answer, StringComparison.Ordinal);
    }

    private static async Task AssertAnsweredAsync(HttpClient client, ApiRequest request, ApiProblem problem)
    {
        using var message = request.ToMessage();
        using var answer = await client.SendAsync(message, Place.Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Place.Cancellation);

        Assert.True((int)answer.StatusCode == problem.Status, $"{request.Method} {request.Url}: {(int)answer.StatusCode}, not {problem.Status}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var body = JsonElement.Parse(text);
        Assert.Equal((problem.Type, problem.Status), (body.GetProperty("type").GetString(), body.GetProperty("status").GetInt32()));
        Assert.NotEmpty(body.GetProperty("title").GetString()!);
        Assert.NotEmpty(body.GetProperty("detail").GetString()!);
        Assert.Equal(problem.Status is 429 or 503, answer.Headers.RetryAfter is not null);
        Assert.True(problem.Status != 400 || problem.Slug is "invalid-id" or "invalid-json" || body.GetProperty("errors").EnumerateObject().Any());
    }

    private static async Task<(int Status, JsonElement Body)> SendAsync(HttpClient client, ApiRequest request)
    {
        using var message = request.ToMessage();
        using var answer = await client.SendAsync(message, Place.Cancellation);
        return ((int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(Place.Cancellation)));
    }
}
