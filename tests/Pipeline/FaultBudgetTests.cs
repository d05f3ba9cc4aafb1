using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>However many faults a request has, and in whatever form it comes, its answer stays small and says how many are not told.</summary>
public sealed class FaultBudgetTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private const string Tasks = "api/v1/tasks";
    private const string Bulk = "api/v1/tasks/bulk";
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";
    private const string Event = "application/cloudevents+json";
    private const string Events = "application/cloudevents-batch+json";

    private static readonly string Untyped = Repeated("\"f#\":1", 100, ",");

    private static readonly Dictionary<string, (string Url, string Type, Func<string> Body, int Status)> Requests = new()
    {
        ["a task of one unknown field again and again"] = (Tasks, Json, static () => Filled("{\"type\":\"echo\"", ",\"a\":1", "}", 1_048_576), 400),
        ["a task of a known field again and again"] = (Tasks, Json, static () => Filled("{\"type\":\"echo\"", ",\"priority\":0", "}", 1_048_576), 400),
        ["a task whose field names are signs"] = (Tasks, Json, static () => "{" + Repeated("\"\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001\\u0001#\":1", 5_000, ",") + "}", 400),
        ["sixteen megabytes of empty tasks"] = (Tasks, Json, static () => Filled("[{}", ",{}", "]", 16_500_000), 413),
        ["as many empty tasks as an array may have"] = (Tasks, Json, static () => "[" + Repeated("{}", 10_000, ",") + "]", 207),
        ["a hundred faults in each task"] = (Tasks, Json, static () => "[" + Repeated("{" + Untyped + "}", 1_000, ",") + "]", 207),
        ["the same, all or none"] = (Tasks + "?atomic=true", Json, static () => "[" + Repeated("{" + Untyped + "}", 1_000, ",") + "]", 400),
        ["empty lines of a stream"] = (Bulk, Lines, static () => Repeated("{}", 10_000, "\n"), 200),
        ["a hundred faults in each line"] = (Bulk, Lines, static () => Repeated("{" + Untyped + "}", 1_000, "\n"), 200),
        ["an event with one fault again and again"] = (Tasks, Event, static () => Filled("{\"id\":\"1\"", ",\"A\":1", "}", 1_048_576), 400),
        ["an event with very many attributes"] = (Tasks, Event, static () => "{" + Repeated("\"a#\":\"\"", 50_000, ",") + "}", 400),
        ["a batch of empty events"] = (Tasks, Events, static () => "[" + Repeated("{}", 10_000, ",") + "]", 207),
        ["sixteen megabytes of empty events"] = (Tasks, Events, static () => Filled("[{}", ",{}", "]", 16_500_000), 413),
        ["a hundred faults in each event"] = (Tasks, Events, static () => "[" + Repeated("{" + Untyped.Replace("f", "F", StringComparison.Ordinal) + "}", 1_000, ",") + "]", 207),
        ["a bulk action of unknown fields"] = ("api/v1/search/tasks/bulk-action", Json, static () => "{" + Repeated("\"f#\":1", 1_000, ",") + "}", 400),
    };

    public static TheoryData<string> Names => [.. Requests.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_answer_is_no_larger_than_twice_its_request_and_a_little(string request)
    {
        var (url, type, body, status) = Requests[request];
        var bytes = Encoding.UTF8.GetBytes(body());

        using var answer = await Work.PostAsync(pipeline.Host.Client, url, bytes, type);
        var text = await answer.Content.ReadAsByteArrayAsync(Place.Cancellation);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.InRange(text.Length, 1, (2 * bytes.Length) + 65_536);
    }

    [Fact]
    public async Task An_array_says_how_many_faults_are_not_told_and_lists_no_item_of_which_none_is()
    {
        var view = await SendAsync(Tasks, Json, "[" + Repeated("{}", 4_810, ",") + $$""",{"type":"echo","queue_name":"q-{{Guid.CreateVersion7():N}}"}]""");

        Assert.Equal((1, 4_810), (view.GetProperty("accepted").GetInt32(), view.GetProperty("refused").GetInt32()));
        Assert.StartsWith("And 4,710 more faults.", view.GetProperty("more").GetString(), StringComparison.Ordinal);
        var items = view.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([.. Enumerable.Range(0, 100), 4_810], items.Select(static item => item.GetProperty("index").GetInt32()));
        Assert.Equal(202, items[^1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_stream_says_how_many_faults_are_not_told()
    {
        var view = await SendAsync(Bulk, Lines, Repeated("{\"type\":\"echo\",\"a\":1,\"b\":2}", 75, "\n"));

        Assert.Equal((0, 75), (view.GetProperty("accepted").GetInt32(), view.GetProperty("refused_count").GetInt32()));
        Assert.Equal(Enumerable.Range(1, 50), view.GetProperty("refused").EnumerateArray().Select(static line => line.GetProperty("line").GetInt32()));
        Assert.StartsWith("And 50 more faults.", view.GetProperty("more").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_within_the_budget_is_told_everything()
    {
        var view = await SendAsync(Tasks, Json, "[" + Repeated("{\"type\":\"echo\",\"a\":1,\"b\":2}", 50, ",") + "]");

        Assert.False(view.TryGetProperty("more", out _));
        Assert.All(view.GetProperty("items").EnumerateArray(), static item => Assert.Equal(2, item.GetProperty("errors").EnumerateObject().Count()));
    }

    /// <summary>The text again and again, with its number in the place of #.</summary>
    private static string Repeated(string text, int count, string between) => string.Join(
        between, Enumerable.Range(0, count).Select(n => text.Replace("#", n.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));

    private static string Filled(string start, string again, string end, int length) =>
        start + string.Concat(Enumerable.Repeat(again, (length - start.Length - end.Length) / again.Length)) + end;

    private async Task<JsonElement> SendAsync(string url, string type, string body)
    {
        using var answer = await Work.PostAsync(pipeline.Host.Client, url, body, type);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Place.Cancellation));
    }
}
