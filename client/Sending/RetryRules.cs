using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace Millrace.Client;

/// <summary>
/// What is repeated: GET, HEAD, PUT and DELETE, and submissions with a key, or of events, by which the API knows them again. Every other POST
/// is sent once.
/// </summary>
internal static class RetryRules
{
    internal const string SubmitPath = "api/v1/tasks";
    internal const string KeyHeader = "Idempotency-Key";

    private static readonly TimeSpan LeastSampling = TimeSpan.FromSeconds(30);

    internal static void Apply(HttpStandardResilienceOptions resilience, MillraceClientOptions options)
    {
        resilience.RateLimiter.DefaultRateLimiterOptions.PermitLimit = options.MaxConcurrentCalls;
        resilience.RateLimiter.DefaultRateLimiterOptions.QueueLimit = int.MaxValue;

        resilience.TotalRequestTimeout.Timeout = options.TotalTimeout;
        resilience.TotalRequestTimeout.TimeoutGenerator = a => new(PatienceOf(a.Context).Longer(options.TotalTimeout));
        resilience.AttemptTimeout.Timeout = options.Timeout;
        resilience.AttemptTimeout.TimeoutGenerator = a => new(PatienceOf(a.Context).Longer(options.Timeout));

        // Its least is 1; that none is wanted is told by the predicate.
        resilience.Retry.MaxRetryAttempts = Math.Max(1, options.MaxRetries);
        resilience.Retry.Delay = options.RetryDelay;
        resilience.Retry.ShouldRetryAfterHeader = true;
        resilience.Retry.ShouldHandle = a => new(
            options.MaxRetries > 0 && IsPassing(a.Outcome, a.Context) && !IsTooLate(a.Outcome, PatienceOf(a.Context).Longer(options.TotalTimeout)) && a.Context.GetRequestMessage() is { } request && MayRepeat(request));

        resilience.CircuitBreaker.SamplingDuration = 2 * options.Timeout > LeastSampling ? 2 * options.Timeout : LeastSampling;

        // A full queue is no fault of the server, and of no other queue.
        resilience.CircuitBreaker.ShouldHandle = static a => new(
            IsPassing(a.Outcome, a.Context) && a.Outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests);
    }

    internal static bool MayRepeat(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || request.Method == HttpMethod.Head
        || request.Method == HttpMethod.Put || request.Method == HttpMethod.Delete
        || (request.Method == HttpMethod.Post && IsSubmission(request.RequestUri) && (request.Headers.Contains(KeyHeader) || IsEvent(request)));

    private static bool IsSubmission(Uri? address) => address?.AbsolutePath.EndsWith("/" + SubmitPath, StringComparison.Ordinal) == true;

    /// <summary>Its source and id are its key.</summary>
    private static bool IsEvent(HttpRequestMessage request) =>
        request.Content?.Headers.ContentType?.MediaType?.StartsWith(JsonBody.EventPrefix, StringComparison.Ordinal) == true;

    private static CallPatience PatienceOf(ResilienceContext context) => CallPatience.Of(context.GetRequestMessage());

    /// <summary>The API wants to be asked again only when the caller waits no longer: what it said is worth more than a time-out.</summary>
    private static bool IsTooLate(Outcome<HttpResponseMessage> outcome, TimeSpan longest) =>
        longest > TimeSpan.Zero && outcome.Result?.Headers.RetryAfter?.Delta > longest;

    /// <summary>A fault that may be over the next time.</summary>
    private static bool IsPassing(Outcome<HttpResponseMessage> outcome, ResilienceContext context) => !PatienceOf(context).IsProbe && outcome switch
    {
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };
}
