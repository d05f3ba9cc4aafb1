using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Submit;
using Millrace.Telemetry;

namespace Millrace.Api;

/// <summary>Submission over HTTP: one task or a JSON array of them.</summary>
public sealed class SubmitApi
{
    private const int UsualLargestArray = 16 * 1_048_576;

    private readonly TaskSubmitter submitter;
    private readonly TimeProvider clock;

    internal SubmitApi(TaskSubmitter submitter, TimeProvider clock)
    {
        this.submitter = submitter;
        this.clock = clock;
    }

    private int LargestArray => Math.Max(UsualLargestArray, submitter.Options.MaxTaskBytes);

    /// <summary>202 with the task; an array is answered item by item with 207, or wholly with <c>?atomic=true</c>.</summary>
    public Task<IResult> SubmitAsync(HttpRequest request, CancellationToken cancellation) =>
        StoreFaults.AnswerAsync(() => AnswerAsync(request, cancellation));

    private async Task<IResult> AnswerAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (!IsJson(request.ContentType))
        {
            return Problems.UnsupportedMediaType(request.ContentType, "application/json");
        }

        using var body = await RequestBody.ReadAsync(request, LargestArray, cancellation);
        if (body.IsTooLarge)
        {
            return Problems.ArrayTooLarge(LargestArray);
        }

        if (!Utf8.IsValid(body.Bytes.Span))
        {
            return Problems.InvalidJson("The body is not UTF-8. Encode it as UTF-8 and send it again.");
        }

        try
        {
            return IsArray(body.Bytes.Span)
                ? await SubmitManyAsync(request, body.Bytes, cancellation)
                : await SubmitOneAsync(request, body.Bytes, cancellation);
        }
        catch (JsonException exception)
        {
            return Problems.InvalidJson(JsonSentence.From(exception));
        }
    }

    private async Task<IResult> SubmitOneAsync(HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (body.Length > submitter.Options.MaxTaskBytes)
        {
            return Problems.TaskTooLarge(submitter.Options.MaxTaskBytes);
        }

        var faults = new Faults();
        var traceParent = PipelineActivity.TraceParent(request);
        if (TaskDraft.ReadAlone(body.Span, faults, submitter.Defaults, TaskId.New(clock), traceParent) is not { } task)
        {
            return Problems.InvalidTask(faults.ByField());
        }

        var accepted = await submitter.SubmitAsync(task, cancellation);
        return new JsonAnswer<SubmittedView>(StatusCodes.Status202Accepted, View(task, accepted), ApiJson.Readable.SubmittedView)
        {
            Location = $"/api/v1/tasks/{task.Id}",
        };
    }

    private async Task<IResult> SubmitManyAsync(HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        List<NewTask> tasks = [];
        List<ItemView> items = [];
        ReadMany(body.Span, PipelineActivity.TraceParent(request), tasks, items);
        if (items.Count > submitter.Options.MaxArrayItems)
        {
            return Problems.TooManyItems(items.Count, submitter.Options.MaxArrayItems);
        }

        var refused = items.Count - tasks.Count;
        if (Atomic(request) && refused > 0)
        {
            return Problems.InvalidItems(items);
        }

        if (tasks.Count > 0)
        {
            await submitter.SubmitAsync(tasks, cancellation);
        }

        return new JsonAnswer<ManyView>(StatusCodes.Status207MultiStatus, new(tasks.Count, refused, items), ApiJson.Readable.ManyView);
    }

    private void ReadMany(ReadOnlySpan<byte> body, string? traceParent, List<NewTask> tasks, List<ItemView> items)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var faults = new Faults();
            var start = reader.TokenStartIndex;
            var draft = new TaskDraft(faults);
            draft.Read(ref reader, body);
            if (reader.BytesConsumed - start > submitter.Options.MaxTaskBytes)
            {
                faults.Add("data", $"The task is larger than {submitter.Options.MaxTaskBytes} bytes. Pass a reference to the data.");
            }

            var task = draft.ToTask(submitter.Defaults, TaskId.New(clock), traceParent);
            items.Add(new ItemView(items.Count, task is null ? 400 : 202, task?.Id.Value, task is null ? faults.ByField() : null));
            if (task is not null)
            {
                tasks.Add(task);
            }
        }

        while (reader.Read())
        {
        }
    }

    private static SubmittedView View(NewTask task, DateTimeOffset accepted)
    {
        var due = task.ScheduledAt ?? accepted.AddSeconds(task.DelaySeconds);
        return new SubmittedView(
            task.Id.Value, task.Type, task.QueueName, due > accepted ? "scheduled" : "pending", task.Priority, accepted,
            due.ToUniversalTime(), task.ExpiresAt?.ToUniversalTime(), task.Retries.MaxRetries, task.TimeoutSeconds, task.Tags);
    }

    private static bool IsJson(string? contentType) =>
        contentType is null || MediaType.Is(contentType, "application/json");

    private static bool Atomic(HttpRequest request) => request.Query["atomic"] == "true";

    private static bool IsArray(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
}
