using System.Net;
using System.Net.Http.Headers;
using CsCheck;
using Millrace.Api.OpenApi;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Api;

/// <summary>Whatever is sent, the answer is one that the document knows, and never a fault of ours.</summary>
public sealed class FuzzTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private const int Seconds = 10;

    /// <summary>Answers of health and of a bulk stream that says itself how far it came have a 503 of their own.</summary>
    private static readonly List<ApiOperation> Operations =
        [.. ApiOperations.All.Where(static operation => !operation.Answers.Any(static answer => answer.Status == 503))];

    [Fact]
    public Task No_request_makes_the_host_fail() =>
        FuzzedRequest.Any(Operations).SampleAsync(SendAsync, time: Seconds, threads: 1);

    [Fact]
    public Task No_stream_of_tasks_makes_the_host_fail() =>
        FuzzedRequest.Any([.. ApiOperations.All.Where(static operation => operation.Function == "SubmitBulk")])
            .SampleAsync(SendAsync, iter: 200, threads: 1);

    private async Task SendAsync(FuzzedRequest fuzzed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(fuzzed.Method), fuzzed.Url);
        if (fuzzed.MediaType is not null || fuzzed.Body.Length > 0)
        {
            request.Content = new ByteArrayContent(fuzzed.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", fuzzed.MediaType);
        }

        foreach (var (name, value) in fuzzed.Headers.Where(static header => header.Value.All(static c => c is >= ' ' and <= '~')))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await pipeline.Host.Client.SendAsync(request, Place.Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Place.Cancellation);
        Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode} {text}\n{string.Join('\n', pipeline.Host.Log.Warnings.TakeLast(3))}");

        // The server itself refuses a path with a null character, before any function is asked.
        var isOurs = answer.StatusCode == HttpStatusCode.BadRequest && !fuzzed.Url.Split('?')[0].Contains("%00", StringComparison.Ordinal);
        Assert.True(!isOurs || IsProblem(answer.Content.Headers.ContentType), $"A bare 400: {text}");
    }

    private static bool IsProblem(MediaTypeHeaderValue? type) => type?.MediaType == "application/problem+json";
}
