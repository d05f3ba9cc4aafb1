using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Api.Requests;

/// <summary>What a request wants changed about a task, or about one that is tried again. Null keeps what it had.</summary>
internal sealed record TaskChange
{
    /// <summary>Enough for every change but one of the data.</summary>
    internal const int UsualLargest = 16_384;

    public byte[]? Data { get; private set; }

    public string? QueueName { get; private set; }

    public short? Priority { get; private set; }

    public DateTimeOffset? ScheduledAt { get; private set; }

    public double? DelaySeconds { get; private set; }

    internal Revival ToRevival() => new(QueueName, Priority, Data);

    internal TaskEdit ToEdit() => new() { Data = Data, Priority = Priority, ScheduledAt = ScheduledAt, DelaySeconds = DelaySeconds };

    /// <summary>What the pipeline's own tasks do was checked when it was ordered; other data would be an order that nobody has read.</summary>
    /// <param name="type">Of the task that shall change.</param>
    /// <param name="faults">Gets the fault, if it is one.</param>
    internal void CheckFor(string type, Faults faults)
    {
        if (Data is not null && type.StartsWith(TaskNames.OwnPrefix, StringComparison.Ordinal))
        {
            faults.Add("data", $"A {type} does what it was ordered to do. Leave data out, or abort it and order another.");
        }
    }

    /// <summary>Reads the body; none changes nothing.</summary>
    /// <param name="request">Its body is an object, or nothing.</param>
    /// <param name="fields">The fields that it may have.</param>
    /// <param name="largest">In bytes.</param>
    /// <param name="faults">Gets every fault.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The change, or the answer to a body that is none.</returns>
    internal static async Task<(TaskChange Change, IResult? Refused)> ReadAsync(
        HttpRequest request, string[] fields, int largest, Faults faults, CancellationToken cancellation)
    {
        using var body = await RequestBody.ReadAsync(request, largest, cancellation);
        var change = new TaskChange();
        if (body.IsTooLarge)
        {
            return (change, largest > UsualLargest ? Problems.TaskTooLarge(largest) : Problems.OrderTooLarge(largest));
        }

        if (body.Bytes.IsEmpty)
        {
            return (change, null);
        }

        if (!request.HasJsonContentType())
        {
            return (change, Problems.UnsupportedMediaType(request.ContentType, "application/json, or no body"));
        }

        return (change, change.Read(body.Bytes, fields, faults) ? null : Problems.InvalidJson($"Send one JSON object with {string.Join(", ", fields)}, or no body."));
    }

    /// <returns>False when it is not a JSON object.</returns>
    private bool Read(ReadOnlyMemory<byte> body, string[] fields, Faults faults)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach (var field in document.RootElement.EnumerateObject())
            {
                Read(field, fields, seen, faults);
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is half a surrogate pair in a name or a text.
            return false;
        }
    }

    private void Read(JsonProperty field, string[] fields, HashSet<string> seen, Faults faults)
    {
        if (!fields.Contains(field.Name, StringComparer.Ordinal))
        {
            faults.Add(ShortText.Of(field.Name, 60), $"There is no such field here. There is {string.Join(", ", fields)}.");
            return;
        }

        if (!seen.Add(field.Name))
        {
            faults.Add(field.Name, "It is given twice.");
        }

        switch (field.Name)
        {
            case "data": Data = JsonMarshal.GetRawUtf8Value(field.Value).ToArray(); break;
            case "queue_name": QueueName = Queue(field.Value, faults); break;
            case "priority": Priority = PriorityOf(field.Value, faults); break;
            case "scheduled_at": ScheduledAt = Moment(field.Value, faults); break;
            default: DelaySeconds = Delay(field.Value, faults); break;
        }

        if (ScheduledAt is not null && DelaySeconds is not null)
        {
            faults.Add("scheduled_at", "Give delay_seconds or scheduled_at, not both.");
        }
    }

    private static string? Queue(JsonElement value, Faults faults)
    {
        var name = value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
        if (TaskNames.IsName(name, TaskNames.LongestQueueName))
        {
            return name;
        }

        faults.Add("queue_name", TaskNames.Rule(TaskNames.LongestQueueName));
        return null;
    }

    private static short? PriorityOf(JsonElement value, Faults faults)
    {
        short? priority = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt16(out var number) && number is >= 1 and <= 10 => number,
            JsonValueKind.String => TaskNames.Priority(value.GetString()!),
            _ => null,
        };
        if (priority is null)
        {
            faults.Add("priority", TaskNames.PriorityRule);
        }

        return priority;
    }

    private static DateTimeOffset? Moment(JsonElement value, Faults faults)
    {
        var moment = value.ValueKind == JsonValueKind.String ? TextMoment.Read(value.GetString()!) : null;
        if (moment is null)
        {
            faults.Add("scheduled_at", TextMoment.Rule);
        }

        return moment;
    }

    private static double? Delay(JsonElement value, Faults faults)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= 31_536_000)
        {
            return seconds;
        }

        faults.Add("delay_seconds", "Write a number from 0 to 31536000.");
        return null;
    }
}
