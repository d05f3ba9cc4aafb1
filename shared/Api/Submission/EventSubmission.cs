using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Lifecycle;
using Millrace.Submit;
using Millrace.Telemetry;

namespace Millrace.Api.Submission;

/// <summary>CloudEvents as submissions, in all three modes of their HTTP binding. They are answered as tasks and arrays of tasks are.</summary>
internal sealed class EventSubmission(TaskSubmitter submitter, SubmitAnswers answers, TimeProvider clock)
{
    /// <summary>An event in the JSON format, alone.</summary>
    /// <exception cref="JsonException">The body is not JSON, not an object, or has something behind it.</exception>
    internal Task<IResult> StructuredAsync(HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var faults = new Faults();
        var draft = new EventDraft(faults);
        var reader = new Utf8JsonReader(body.Span);
        reader.Read();
        draft.Read(ref reader, body.Span);
        ReadToEnd(ref reader);
        return OneAsync(request, draft, faults, body.Length, cancellation);
    }

    /// <summary>An event whose attributes are headers.</summary>
    internal Task<IResult> BinaryAsync(HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var faults = new Faults();
        var draft = new EventDraft(faults);
        EventHeaders.Read(request, draft, faults);
        draft.TakeBytes(body.Span, "application/json");
        return OneAsync(request, draft, faults, body.Length, cancellation);
    }

    /// <summary>An array of events.</summary>
    /// <exception cref="JsonException">The body is not JSON, not an array of objects, or has something behind it.</exception>
    internal async Task<IResult> BatchAsync(HttpRequest request, ReadOnlyMemory<byte> body, bool atomic, CancellationToken cancellation)
    {
        var budget = new FaultBudget();
        var faults = new Faults(budget);
        var key = IdempotencyHeader.Read(request, faults);
        var traceParent = PipelineActivity.TraceParent(request);
        var events = await LargeBody.ReadAsync(body, () => ReadMany(body.Span, key, traceParent, budget), cancellation);
        return faults.Any ? Problems.InvalidTask(faults.ByField()) : await answers.ManyAsync(events, budget, atomic, cancellation);
    }

    private async Task<IResult> OneAsync(HttpRequest request, EventDraft draft, Faults faults, int length, CancellationToken cancellation)
    {
        if (length > submitter.Options.MaxTaskBytes)
        {
            return Problems.TaskTooLarge(submitter.Options.MaxTaskBytes);
        }

        var key = RequestKey.Of(IdempotencyHeader.Read(request, faults));
        return draft.ToTask(submitter.Defaults, TaskId.New(clock), PipelineActivity.TraceParent(request), key) is { } task
            ? await answers.OneAsync(task, cancellation)
            : Problems.InvalidTask(faults.ByField());
    }

    private SubmittedArray ReadMany(ReadOnlySpan<byte> body, string? requestKey, string? traceParent, FaultBudget budget)
    {
        if (body.TrimStart(" \t\r\n"u8) is not [(byte)'[', ..])
        {
            throw new JsonException("A batch of CloudEvents is a JSON array of them. Send a single one as application/cloudevents+json.");
        }

        return SubmittedArray.Read(body, submitter.Options.MaxArrayItems, budget, (ref reader, body, index, faults) =>
        {
            var start = reader.TokenStartIndex;
            var draft = new EventDraft(faults);
            draft.Read(ref reader, body);
            if (reader.BytesConsumed - start > submitter.Options.MaxTaskBytes)
            {
                faults.Add("data", $"The event is larger than {submitter.Options.MaxTaskBytes} bytes. Pass a reference to the data.");
            }

            var task = draft.ToTask(submitter.Defaults, TaskId.New(clock), traceParent, RequestKey.Of(requestKey, index));
            return new SubmittedItem(task, task is null ? faults.Told() : null);
        });
    }

    /// <summary>Anything after the value is a fault, and the reader says so.</summary>
    private static void ReadToEnd(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
        }
    }
}
