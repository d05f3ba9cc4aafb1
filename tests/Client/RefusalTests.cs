using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Millrace.Client;

namespace Millrace.Tests.Client;

/// <summary>What the client makes of answers that are no success.</summary>
public sealed class RefusalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_there_is_null_when_the_API_says_so()
    {
        var client = new StubApi(static _ => StubApi.Problem(HttpStatusCode.NotFound, "task-not-found")).Client();

        Assert.Null(await client.GetAsync(Guid.Empty, Cancellation));
        Assert.Null(await client.GetDeadLetterAsync(Guid.Empty, Cancellation));
        Assert.False(await client.DeleteDeadLetterAsync(Guid.Empty, Cancellation));
    }

    [Fact]
    public async Task A_wrong_address_is_not_taken_for_an_empty_pipeline()
    {
        var client = StubApi.With("<html/>", HttpStatusCode.NotFound).Client();

        var refusal = await Assert.ThrowsAsync<MillraceException>(() => client.GetAsync(Guid.Empty, Cancellation));

        Assert.Contains("BaseAddress", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_called_so()
    {
        var client = new StubApi(static _ => new HttpResponseMessage(HttpStatusCode.Unauthorized)).Client();

        var refusal = await Assert.ThrowsAsync<MillraceException>(() => client.GetWorkersAsync(Cancellation));

        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
        Assert.Contains("FunctionKey", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_of_another_version_has_an_exception_of_its_own()
    {
        var client = new StubApi(static _ => StubApi.Problem(HttpStatusCode.PreconditionFailed, "task-changed")).Client();

        await Assert.ThrowsAsync<TaskChangedException>(
            () => client.EditAsync(new TaskInfo { ETag = "\"7\"" }, new TaskEdit { Priority = 9 }, Cancellation));
    }

    [Fact]
    public async Task An_answer_that_is_no_JSON_is_a_refusal()
    {
        var client = StubApi.With("<html/>").Client();

        await Assert.ThrowsAsync<MillraceException>(() => client.VerifyAsync(Cancellation));
    }

    [Fact]
    public async Task A_stream_that_was_cut_says_how_far_it_came()
    {
        var api = StubApi.With(
            """
            {"accepted": 10, "duplicates": 0, "refused_count": 0, "lines": 15, "committed_through_line": 10, "refused": [],
             "problem": {"type": "urn:millrace:problem:store-unavailable", "title": "Away.", "status": 503, "detail": "Send it again."}}
            """,
            HttpStatusCode.ServiceUnavailable);

        var cut = await Assert.ThrowsAsync<StreamCutException>(
            () => api.Client().SubmitStreamAsync(new[] { new NewTask { Type = "echo" } }.ToAsyncEnumerable(), cancellation: Cancellation));

        Assert.Equal((10, "store-unavailable"), (cut.Result.CommittedThroughLine, cut.Problem?.Slug));
    }

    [Fact]
    public async Task What_the_source_of_a_stream_throws_comes_out_as_it_was()
    {
        var client = StubApi.With("{}").Client();

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => client.SubmitStreamAsync(BrokenAsync(), cancellation: Cancellation));

        static async IAsyncEnumerable<NewTask> BrokenAsync()
        {
            yield return new NewTask { Type = "echo" };
            await Task.Yield();
            throw new InvalidTimeZoneException();
        }
    }

    [Fact]
    public async Task What_a_later_API_says_beyond_the_known_is_passed_over()
    {
        var later = StubApi.With("""{"name": "q", "paused": true, "max_depth": 5, "concurrency": {"most": 3}}""");

        var queue = await later.Client().GetQueueAsync("q", Cancellation);

        Assert.Equal(("q", true, 5), (queue!.Name, queue.Paused, queue.MaxDepth));
    }

    [Fact]
    public async Task An_export_that_breaks_off_gives_what_came_and_then_a_refusal()
    {
        var letters = StubApi.With("{\"status\": \"failed\"}\n{\"status\": \"fai").Client().ExportDeadLettersAsync(cancellation: Cancellation);
        await using var reading = letters.GetAsyncEnumerator(Cancellation);

        Assert.True(await reading.MoveNextAsync());
        Assert.Equal(TaskStates.Failed, reading.Current.Status);
        await Assert.ThrowsAsync<MillraceException>(() => reading.MoveNextAsync().AsTask());
    }

    [Fact]
    public void Faults_of_the_options_are_told_all_at_once()
    {
        var services = new ServiceCollection();
        services.AddMillraceClient(static options => (options.BaseAddress, options.MaxRetries) = (new Uri("/here", UriKind.Relative), -1));
        using var provider = services.BuildServiceProvider();

        var faults = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<MillraceClient>);

        Assert.Equal(2, faults.Failures.Count());
    }
}
