using System.Net;
using Millrace.Client;

namespace Millrace.Tests.Client;

/// <summary>What the client sends again, and what it does not.</summary>
public sealed class RetryTests
{
    private const string Task = """{"id": "01890a5d-ac96-774b-bcce-b302099a8057", "type": "echo", "status": "pending"}""";

    private static readonly NewTask Echo = new() { Type = "echo" };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_submission_is_repeated_with_the_same_key_and_the_same_body()
    {
        var api = FailingTwice(HttpStatusCode.ServiceUnavailable, HttpStatusCode.Accepted);

        await api.Client().SubmitAsync(Echo, cancellation: Cancellation);

        Assert.Equal(3, api.All.Count);
        Assert.Equal(32, Assert.Single(api.All.Select(static asked => asked.Headers["Idempotency-Key"]).Distinct()).Length);
        Assert.Single(api.All.Select(static asked => asked.Body).Distinct());
    }

    [Fact]
    public async Task An_event_is_repeated_without_a_key_for_it_has_one_in_itself()
    {
        var api = FailingTwice(HttpStatusCode.ServiceUnavailable, HttpStatusCode.Accepted);

        await api.Client().SubmitAsync(new CloudEvent { Id = "1", Source = "/s", Type = "echo" }, Cancellation);

        Assert.Equal(3, api.All.Count);
        Assert.All(api.All, static asked => Assert.Equal("""{"id":"1","source":"/s","type":"echo","specversion":"1.0"}""", asked.Body));
    }

    [Fact]
    public async Task Every_submission_has_a_key_of_its_own_and_the_key_of_the_app()
    {
        var api = StubApi.With(Task, HttpStatusCode.Accepted);
        var client = api.Client();

        await client.SubmitAsync(Echo, cancellation: Cancellation);
        await client.SubmitAsync(Echo, cancellation: Cancellation);
        await client.SubmitAsync(Echo, "mine", Cancellation);

        Assert.Equal(3, api.All.Select(static asked => asked.Headers["Idempotency-Key"]).Distinct().Count());
        Assert.Equal("mine", api.All[^1].Headers["Idempotency-Key"]);
        Assert.All(api.All, static asked => Assert.Equal("secret", asked.Headers["x-functions-key"]));
    }

    [Fact]
    public async Task Retry_After_is_obeyed_instead_of_the_own_delay()
    {
        // With the own delay this would take an hour; the API says at once.
        var api = FailingTwice(HttpStatusCode.TooManyRequests, HttpStatusCode.Accepted, TimeSpan.Zero);

        await api.Client(static options => options.RetryDelay = TimeSpan.FromHours(1)).SubmitAsync(Echo, cancellation: Cancellation);

        Assert.Equal(3, api.All.Count);
    }

    [Fact]
    public async Task An_API_that_is_back_too_late_is_not_waited_for_and_what_it_said_is_told()
    {
        var api = FailingTwice(HttpStatusCode.TooManyRequests, HttpStatusCode.Accepted, TimeSpan.FromHours(1));

        var refusal = await RefusedAsync(() => api.Client(static options =>
        {
            options.Timeout = TimeSpan.FromSeconds(1);
            options.TotalTimeout = TimeSpan.FromSeconds(2);
        }).SubmitAsync(Echo, cancellation: Cancellation));

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromHours(1)), (refusal.StatusCode, refusal.RetryAfter));
        Assert.Single(api.All);
    }

    [Fact]
    public async Task What_was_only_asked_is_asked_again()
    {
        var api = FailingTwice(HttpStatusCode.BadGateway, HttpStatusCode.OK);

        Assert.NotNull(await api.Client().GetAsync(Guid.Empty, Cancellation));

        Assert.Equal(3, api.All.Count);
    }

    [Fact]
    public async Task What_changes_something_is_sent_once()
    {
        var api = new StubApi(static _ => StubApi.Problem(HttpStatusCode.ServiceUnavailable, "store-unavailable"));
        var client = api.Client();

        await RefusedAsync(() => client.CancelAsync(Guid.Empty, Cancellation));
        await RefusedAsync(() => client.ReplayAsync(Guid.Empty, null, Cancellation));
        await RefusedAsync(() => client.RetryDeadLetterAsync(Guid.Empty, null, Cancellation));
        await RefusedAsync(() => client.EditAsync(Guid.Empty, new TaskEdit { Priority = 9 }, "\"1\"", Cancellation));
        await RefusedAsync(() => client.SubmitStreamAsync(new[] { Echo }.ToAsyncEnumerable(), "key", Cancellation));

        Assert.Equal(5, api.All.Count);
    }

    [Fact]
    public async Task An_unhealthy_pipeline_is_an_answer_and_asked_for_once()
    {
        var api = StubApi.With("""{"status": "unhealthy", "reasons": ["no_active_workers"], "details": ["No."]}""", HttpStatusCode.ServiceUnavailable);

        var health = await api.Client().GetHealthAsync(Cancellation);

        Assert.False(health.IsHealthy);
        Assert.Equal(["no_active_workers"], health.Reasons);
        Assert.Single(api.All);
    }

    [Fact]
    public async Task What_fails_each_time_ends_with_what_the_API_said_last()
    {
        var api = new StubApi(static _ => StubApi.Problem(HttpStatusCode.TooManyRequests, "queue-full"));

        var refusal = await RefusedAsync(() => api.Client(static options => options.MaxRetries = 2).SubmitAsync(Echo, cancellation: Cancellation));

        Assert.Equal("queue-full", refusal.Problem?.Slug);
        Assert.Equal(3, api.All.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, true)]
    [InlineData(HttpStatusCode.ServiceUnavailable, false)]
    public async Task An_API_that_fails_for_long_is_left_alone_for_a_moment_but_a_full_queue_is_no_failure(HttpStatusCode status, bool all)
    {
        var api = new StubApi(_ => StubApi.Problem(status, "no"));
        var client = api.Client(static options => options.MaxRetries = 0);

        for (var n = 0; n < 150; n++)
        {
            await RefusedAsync(() => client.SubmitAsync(Echo, cancellation: Cancellation));
        }

        Assert.Equal(all, api.All.Count == 150);
    }

    [Fact]
    public async Task No_retries_means_one_attempt()
    {
        var api = new StubApi(static _ => new HttpResponseMessage(HttpStatusCode.BadGateway));

        await RefusedAsync(() => api.Client(static options => options.MaxRetries = 0).GetAsync(Guid.Empty, Cancellation));

        Assert.Single(api.All);
    }

    [Fact]
    public async Task An_API_that_is_not_there_is_a_refusal_without_a_status()
    {
        var api = new StubApi(static _ => throw new HttpRequestException("Connection refused."));

        var refusal = await RefusedAsync(() => api.Client().GetStatsAsync(Cancellation));

        Assert.Null(refusal.StatusCode);
        Assert.Contains("Connection refused.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(5, api.All.Count);
    }

    private static StubApi FailingTwice(HttpStatusCode failure, HttpStatusCode success, TimeSpan? retryAfter = null)
    {
        var count = 0;
        return new StubApi(_ =>
        {
            var answer = ++count <= 2 ? StubApi.Problem(failure, "store-unavailable") : StubApi.Json(success, Task);
            answer.Headers.RetryAfter = count <= 2 && retryAfter is { } wait ? new(wait) : null;
            return answer;
        });
    }

    private static Task<MillraceException> RefusedAsync(Func<Task> call) => Assert.ThrowsAnyAsync<MillraceException>(call);
}
