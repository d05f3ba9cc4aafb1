using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Submit;

/// <summary>
/// One task as it was sent, while it is read: the only place that knows the fields of a submission. <c>data</c> is taken
/// as the bytes it was sent in, so it comes back to the letter.
/// </summary>
internal sealed partial class TaskDraft(Faults faults)
{
    private string? type;
    private string queueName = "default";
    private short priority = 5;
    private double delaySeconds;
    private DateTimeOffset? scheduledAt;
    private DateTimeOffset? expiresAt;
    private short? maxRetries;
    private float? retryDelaySeconds;
    private float? retryBackoff;
    private float? maxRetryDelaySeconds;
    private int? timeoutSeconds;
    private byte[]? data;
    private byte[]? context;
    private string[]? tags;
    private string? externalId;
    private int? resultTtlSeconds;
    private Seen seen;

    /// <summary>A text that is one task and nothing else.</summary>
    /// <returns>Null when there are faults.</returns>
    /// <exception cref="JsonException">The text is not JSON, not an object, or has something behind it.</exception>
    internal static NewTask? ReadAlone(ReadOnlySpan<byte> text, Faults faults, TaskDefaults defaults, TaskId id, string? traceParent)
    {
        var reader = new Utf8JsonReader(text);
        reader.Read();
        var draft = new TaskDraft(faults);
        draft.Read(ref reader, text);

        // Anything after the object is a fault, and the reader says so.
        while (reader.Read())
        {
        }

        return draft.ToTask(defaults, id, traceParent);
    }

    /// <summary>Reads the object that <paramref name="reader"/> stands on, from the bytes it reads from.</summary>
    /// <exception cref="JsonException">The text is not JSON, or not an object.</exception>
    internal void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> source)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A task is a JSON object, like {\"type\": \"echo\", \"data\": {\"hello\": \"world\"}}.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadField(ref reader, source);
        }
    }

    /// <returns>Null when there are faults.</returns>
    internal NewTask? ToTask(TaskDefaults defaults, TaskId id, string? traceParent)
    {
        if (type is null && !seen.HasFlag(Seen.Type))
        {
            faults.Add("type", "Say which handler runs the task: \"type\": \"echo\".");
        }
        else if (type is not null && !defaults.Types.Contains(type))
        {
            faults.Add("type", $"There is no handler for '{type}'. This app has: {string.Join(", ", defaults.Types.Order(StringComparer.Ordinal).Take(20))}.");
        }

        if (seen.HasFlag(Seen.Delay) && scheduledAt is not null)
        {
            faults.Add("scheduled_at", "Give delay_seconds or scheduled_at, not both.");
        }

        return faults.Any ? null : new NewTask
        {
            Id = id,
            Type = type!,
            QueueName = queueName,
            Priority = priority,
            DelaySeconds = delaySeconds,
            ScheduledAt = scheduledAt,
            ExpiresAt = expiresAt,
            Retries = new RetryPolicy(
                maxRetries ?? defaults.Retries.MaxRetries,
                retryDelaySeconds ?? defaults.Retries.DelaySeconds,
                retryBackoff ?? defaults.Retries.Backoff,
                maxRetryDelaySeconds ?? defaults.Retries.MaxDelaySeconds),
            TimeoutSeconds = timeoutSeconds ?? defaults.TimeoutSeconds,
            Data = data ?? NullJson,
            Context = context,
            Tags = tags,
            TraceParent = traceParent,
            ExternalId = externalId,
            ResultTtlSeconds = resultTtlSeconds,
        };
    }

    private static readonly byte[] NullJson = "null"u8.ToArray();

    [Flags]
    private enum Seen
    {
        None = 0,
        Type = 1 << 0,
        Data = 1 << 1,
        Queue = 1 << 2,
        Priority = 1 << 3,
        Delay = 1 << 4,
        ScheduledAt = 1 << 5,
        ExpiresAt = 1 << 6,
        MaxRetries = 1 << 7,
        RetryDelay = 1 << 8,
        RetryBackoff = 1 << 9,
        MaxRetryDelay = 1 << 10,
        Timeout = 1 << 11,
        Context = 1 << 12,
        Tags = 1 << 13,
        ExternalId = 1 << 14,
        ResultTtl = 1 << 15,
    }
}
