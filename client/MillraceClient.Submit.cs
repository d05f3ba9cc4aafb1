using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Millrace.Client;

public sealed partial class MillraceClient
{
    /// <summary>
    /// Submits a task. It is committed when this returns. Every call has a key, so that an attempt whose answer was lost is not
    /// accepted twice; give one of your own to say the same of two calls.
    /// </summary>
    /// <exception cref="MillraceException">It is not acceptable (400), the key belongs to another (409), or the queue is full (429).</exception>
    public Task<SubmittedTask> SubmitAsync(NewTask task, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        SubmitOneAsync(Submission(With(Post(RetryRules.SubmitPath), task, MillraceJson.Plain.NewTask), idempotencyKey), cancellation);

    /// <summary>Submits a task with data of a type of yours.</summary>
    public Task<SubmittedTask> SubmitAsync<T>(string type, T data, JsonTypeInfo<T> format, CancellationToken cancellation = default) =>
        SubmitAsync(NewTask.Of(type, data, format), null, cancellation);

    /// <summary>Submits a task with data that are JSON already.</summary>
    public Task<SubmittedTask> SubmitAsync(string type, JsonElement data, CancellationToken cancellation = default) =>
        SubmitAsync(new NewTask { Type = type, Data = data }, null, cancellation);

    /// <summary>Submits up to 10,000 tasks and says of each what became of it.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="atomic">All of them or, when one is refused, none.</param>
    /// <param name="idempotencyKey">Of the whole call.</param>
    /// <param name="cancellation">Stops waiting for the answer.</param>
    /// <exception cref="MillraceException">They are too many (413), or one is refused and <paramref name="atomic"/> is set (400).</exception>
    public Task<ManyResult> SubmitManyAsync(
        IReadOnlyList<NewTask> tasks, bool atomic = false, string? idempotencyKey = null, CancellationToken cancellation = default) => AskAsync(
        Submission(With(Post(ManyPath(atomic)), tasks, MillraceJson.Plain.IReadOnlyListNewTask), idempotencyKey), MillraceJson.Plain.ManyResult, cancellation);

    /// <summary>Submits an event as a task. Its source and id are its key.</summary>
    /// <exception cref="MillraceException">It is not acceptable (400), its key belongs to another (409), or the queue is full (429).</exception>
    public Task<SubmittedTask> SubmitAsync(CloudEvent occurrence, CancellationToken cancellation = default) =>
        SubmitOneAsync(With(Post(RetryRules.SubmitPath), occurrence, MillraceJson.Plain.CloudEvent, JsonBody.EventPrefix + "+json"), cancellation);

    /// <summary>Submits up to 10,000 events as tasks and says of each what became of it.</summary>
    /// <param name="events">The events.</param>
    /// <param name="atomic">All of them or, when one is refused, none.</param>
    /// <param name="cancellation">Stops waiting for the answer.</param>
    /// <exception cref="MillraceException">They are too many (413), or one is refused and <paramref name="atomic"/> is set (400).</exception>
    public Task<ManyResult> SubmitManyAsync(IReadOnlyList<CloudEvent> events, bool atomic = false, CancellationToken cancellation = default) => AskAsync(
        With(Post(ManyPath(atomic)), events, MillraceJson.Plain.IReadOnlyListCloudEvent, JsonBody.EventPrefix + "-batch+json"),
        MillraceJson.Plain.ManyResult,
        cancellation);

    /// <summary>
    /// Submits a stream of tasks of any length while it comes, in constant memory. It is not repeated by itself and bounded by
    /// <paramref name="cancellation"/> only; with a key of yours the same stream can be sent again without accepting a task twice.
    /// </summary>
    /// <exception cref="StreamCutException">The database went away; it says how far the stream came.</exception>
    public async Task<BulkResult> SubmitStreamAsync(
        IAsyncEnumerable<NewTask> tasks, string? idempotencyKey = null, CancellationToken cancellation = default)
    {
        using var lines = new LinesContent(tasks);
        var request = With(Post("api/v1/tasks/bulk"), CallPatience.Endless);
        request.Content = lines;
        if (idempotencyKey is not null)
        {
            request.Headers.Add(RetryRules.KeyHeader, idempotencyKey);
        }

        using var answer = await SendLinesAsync(request, lines, cancellation);
        if (answer.IsSuccessStatusCode)
        {
            return await ReadAsync(answer, MillraceJson.Plain.BulkResult, cancellation);
        }

        throw CutOf(answer, await ReadBytesAsync(answer, cancellation));
    }

    private async Task<SubmittedTask> SubmitOneAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var answer = await SendAsync(request, cancellation);
        var submitted = await ReadAsync(answer, MillraceJson.Plain.SubmittedTask, cancellation);
        return submitted with { IsReplayed = answer.StatusCode == HttpStatusCode.OK };
    }

    private static string ManyPath(bool atomic) => atomic ? RetryRules.SubmitPath + "?atomic=true" : RetryRules.SubmitPath;

    private static HttpRequestMessage Submission(HttpRequestMessage request, string? idempotencyKey)
    {
        request.Headers.Add(RetryRules.KeyHeader, idempotencyKey ?? Guid.CreateVersion7().ToString("N"));
        return request;
    }

    private async Task<HttpResponseMessage> SendLinesAsync(HttpRequestMessage request, LinesContent lines, CancellationToken cancellation)
    {
        try
        {
            return await SendAnyAsync(request, cancellation);
        }
        catch (MillraceException) when (lines.SourceFault is { } fault)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
            throw;
        }
    }

    /// <summary>A stream that was begun is answered with how far it came, whatever the status.</summary>
    private static MillraceException CutOf(HttpResponseMessage answer, byte[] body)
    {
        if (answer.Content.Headers.ContentType is not { MediaType: "application/json" })
        {
            return Refusal.Of(answer, body);
        }

        try
        {
            return JsonSerializer.Deserialize(body, MillraceJson.Plain.BulkResult) is { Problem: { } problem } result
                ? new StreamCutException($"{problem.Title} {problem.Detail}", answer.StatusCode, Refusal.RetryAfter(answer), result)
                : Refusal.Of(answer, body);
        }
        catch (JsonException)
        {
            return Refusal.Of(answer, body);
        }
    }
}
