using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Submit;

namespace Millrace.DeadLetters;

/// <summary>What a retry may change: the queue and the priority. Null keeps what the task had.</summary>
internal sealed record RetryOrder(string? QueueName, short? Priority)
{
    internal const int MostBytes = 16_384;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    internal static readonly RetryOrder Unchanged = new(null, null);

    internal Revival ToRevival() => new(QueueName, Priority);

    /// <summary>Reads the body; an empty one changes nothing.</summary>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    internal static RetryOrder Read(ReadOnlyMemory<byte> body, Faults faults)
    {
        if (body.IsEmpty)
        {
            return Unchanged;
        }

        using var document = JsonDocument.Parse(body, Strict);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("The body is not a JSON object.");
        }

        string? queue = null;
        short? priority = null;
        foreach (var field in document.RootElement.EnumerateObject())
        {
            switch (field.Name)
            {
                case "queue_name":
                    queue = Queue(field.Value, faults);
                    break;
                case "priority":
                    priority = PriorityOf(field.Value, faults);
                    break;
                default:
                    faults.Add(field.Name, "Is not a field of a retry. Use queue_name and priority, or no body at all.");
                    break;
            }
        }

        return new(queue, priority);
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
}
