using System.Diagnostics;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Lifecycle;
using Millrace.Submit;
using Millrace.Telemetry;

namespace Millrace.Api.Submission;

/// <summary>Submission over HTTP: one task, a JSON array of them, or CloudEvents.</summary>
public sealed class SubmitApi
{
    private const int UsualLargestArray = 16 * 1_048_576;

    private readonly TaskSubmitter submitter;
    private readonly SubmitAnswers answers;
    private readonly EventSubmission events;
    private readonly TimeProvider clock;

    internal SubmitApi(TaskSubmitter submitter, SubmitAnswers answers, EventSubmission events, TimeProvider clock)
    {
        this.submitter = submitter;
        this.answers = answers;
        this.events = events;
        this.clock = clock;
    }

    private int LargestArray => Math.Max(UsualLargestArray, submitter.Options.MaxTaskBytes);

    /// <summary>
    /// 202 with the task, 200 with the first one's when its key was seen before; an array is answered item by item with 207, or
    /// wholly with <c>?atomic=true</c>.
    /// </summary>
    public Task<IResult> SubmitAsync(HttpRequest request, CancellationToken cancellation) =>
        StoreFaults.AnswerAsync(() => AnswerAsync(request, cancellation));

    private async Task<IResult> AnswerAsync(HttpRequest request, CancellationToken cancellation)
    {
        var form = FormOf(request);
        if (form == SubmittedForm.Unknown)
        {
            return Problems.UnsupportedMediaType(request.ContentType, "application/json");
        }

        var faults = new Faults();
        var atomic = new QueryValues(request.Query, ["atomic"], faults).Flag("atomic");
        if (faults.Any)
        {
            return Problems.InvalidQuery(faults.ByField());
        }

        using var body = await RequestBody.ReadAsync(request, LargestArray, cancellation, begun => MostBytes(form, begun));
        if (body.IsTooLarge)
        {
            return MostBytes(form, body.Bytes.Span) == LargestArray ? Problems.ArrayTooLarge(LargestArray) : Problems.TaskTooLarge(submitter.Options.MaxTaskBytes);
        }

        // What a header calls data need be no text at all.
        if (form != SubmittedForm.EventInHeaders && !Utf8.IsValid(body.Bytes.Span))
        {
            return Problems.InvalidJson("The body is not UTF-8. Encode it as UTF-8 and send it again.");
        }

        return await AnswerAsync(request, form, body.Bytes, atomic, cancellation);
    }

    private async Task<IResult> AnswerAsync(
        HttpRequest request, SubmittedForm form, ReadOnlyMemory<byte> body, bool atomic, CancellationToken cancellation)
    {
        try
        {
            return await (form switch
            {
                SubmittedForm.Json when IsArray(body.Span) => SubmitManyAsync(request, body, atomic, cancellation),
                SubmittedForm.Json => SubmitOneAsync(request, body, cancellation),
                SubmittedForm.Event => events.StructuredAsync(request, body, cancellation),
                SubmittedForm.EventBatch => events.BatchAsync(request, body, atomic, cancellation),
                SubmittedForm.EventInHeaders => events.BinaryAsync(request, body, cancellation),
                SubmittedForm.Unknown => throw new UnreachableException(),
            });
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
        var key = IdempotencyHeader.Read(request, faults);
        var traceParent = PipelineActivity.TraceParent(request);
        return TaskDraft.ReadAlone(body.Span, faults, submitter.Defaults, TaskId.New(clock), traceParent) is { } task
            ? await answers.OneAsync(SubmissionKeys.WithKeys(task, RequestKey.Of(key), body.Span), cancellation)
            : Problems.InvalidTask(faults.ByField());
    }

    private async Task<IResult> SubmitManyAsync(
        HttpRequest request, ReadOnlyMemory<byte> body, bool atomic, CancellationToken cancellation)
    {
        var budget = new FaultBudget();
        var faults = new Faults(budget);
        var key = IdempotencyHeader.Read(request, faults);
        var traceParent = PipelineActivity.TraceParent(request);
        var array = await LargeBody.ReadAsync(body, () => ReadMany(body.Span, key, traceParent, budget), cancellation);
        return faults.Any
            ? Problems.InvalidTask(faults.ByField())
            : await answers.ManyAsync(array, budget, atomic, cancellation);
    }

    private SubmittedArray ReadMany(ReadOnlySpan<byte> body, string? requestKey, string? traceParent, FaultBudget budget) => SubmittedArray.Read(
        body, submitter.Options.MaxArrayItems, budget, (ref reader, body, index, faults) =>
        {
            var start = (int)reader.TokenStartIndex;
            var draft = new TaskDraft(faults);
            draft.Read(ref reader, body);
            var text = body[start..(int)reader.BytesConsumed];
            if (text.Length > submitter.Options.MaxTaskBytes)
            {
                faults.Add("data", $"The task is larger than {submitter.Options.MaxTaskBytes} bytes. Pass a reference to the data.");
            }

            return draft.ToTask(submitter.Defaults, TaskId.New(clock), traceParent) is { } task
                ? new SubmittedItem(SubmissionKeys.WithKeys(task, RequestKey.Of(requestKey, index), text), null)
                : new SubmittedItem(null, faults.Told());
        });

    /// <summary>How large the body may be, as far as it was read: an array may be larger than a task.</summary>
    private int MostBytes(SubmittedForm form, ReadOnlySpan<byte> begun) =>
        form == SubmittedForm.EventBatch || (form == SubmittedForm.Json && (begun.TrimStart(" \t\r\n"u8).IsEmpty || IsArray(begun)))
            ? LargestArray
            : submitter.Options.MaxTaskBytes;

    private static SubmittedForm FormOf(HttpRequest request)
    {
        var type = request.ContentType;
        return MediaType.Is(type, "application/cloudevents+json") ? SubmittedForm.Event
            : MediaType.Is(type, "application/cloudevents-batch+json") ? SubmittedForm.EventBatch
            : type?.TrimStart().StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase) ?? false ? SubmittedForm.Unknown
            : EventHeaders.AreIn(request) ? SubmittedForm.EventInHeaders
            : type is null || MediaType.Is(type, "application/json") ? SubmittedForm.Json
            : SubmittedForm.Unknown;
    }

    private static bool IsArray(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
}
