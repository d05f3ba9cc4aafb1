using System.Text.Json;
using Millrace.Lifecycle;

namespace Millrace.Submit;

internal sealed partial class TaskDraft
{
    private void ReadField(ref Utf8JsonReader reader, ReadOnlySpan<byte> source)
    {
        // The three that nearly every task has, without making a string of the name.
        if (reader.ValueTextEquals("type"u8) || reader.ValueTextEquals("name"u8))
        {
            ReadType(ref reader);
        }
        else if (reader.ValueTextEquals("data"u8) || reader.ValueTextEquals("payload"u8) || reader.ValueTextEquals("args"u8))
        {
            ReadData(ref reader, source);
        }
        else if (reader.ValueTextEquals("queue_name"u8))
        {
            queueName = ReadName(ref reader, "queue_name", TaskNames.LongestQueueName) ?? queueName;
        }
        else
        {
            ReadRareField(ref reader, source, Text(ref reader));
        }
    }

    private void ReadRareField(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, string field)
    {
        reader.Read();
        switch (field)
        {
            case "priority": ReadPriority(ref reader); break;
            case "delay_seconds": delaySeconds = Number(ref reader, field, 0, 31_536_000) ?? 0; seen |= Seen.Delay; break;
            case "scheduled_at": scheduledAt = Moment(ref reader, field); break;
            case "expires_at": expiresAt = Moment(ref reader, field); break;
            case "max_retries": maxRetries = (short?)Whole(ref reader, field, 0, 100); break;
            case "retry_delay_seconds": retryDelaySeconds = (float?)Number(ref reader, field, 0, 604_800); break;
            case "retry_backoff": retryBackoff = (float?)Number(ref reader, field, 1, 100); break;
            case "max_retry_delay_seconds": maxRetryDelaySeconds = (float?)Number(ref reader, field, 0, 604_800); break;
            case "timeout_seconds": timeoutSeconds = Whole(ref reader, field, 1, 86_400); break;
            case "context": context = RawObject(ref reader, source, field); break;
            case "tags": ReadTags(ref reader); break;
            default: Unknown(ref reader, field); break;
        }
    }

    private void ReadType(ref Utf8JsonReader reader)
    {
        if (seen.HasFlag(Seen.Type))
        {
            faults.Add("type", "It is given twice; 'name' is another word for it.");
        }

        seen |= Seen.Type;
        type = ReadName(ref reader, "type", TaskNames.LongestType);
    }

    private void ReadData(ref Utf8JsonReader reader, ReadOnlySpan<byte> source)
    {
        if (seen.HasFlag(Seen.Data))
        {
            faults.Add("data", "It is given twice; 'payload' and 'args' are other words for it.");
        }

        seen |= Seen.Data;
        reader.Read();
        data = Raw(ref reader, source);
    }

    private string? ReadName(ref Utf8JsonReader reader, string field, int longest)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            faults.Add(field, $"Write a text, not {Kind(ref reader)}.");
            reader.Skip();
            return null;
        }

        var name = Text(ref reader);
        if (TaskNames.IsName(name, longest))
        {
            return name;
        }

        faults.Add(field, TaskNames.Rule(longest));
        return null;
    }

    private void ReadPriority(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt16(out var number) && number is >= 1 and <= 10)
        {
            priority = number;
            return;
        }

        var named = reader.TokenType == JsonTokenType.String ? TaskNames.Priority(Text(ref reader)) : null;
        if (named is null)
        {
            faults.Add("priority", TaskNames.PriorityRule);
            reader.Skip();
        }

        priority = named ?? priority;
    }

    private void ReadTags(ref Utf8JsonReader reader)
    {
        // A copy reads the items; the reader itself steps over them, whatever they are.
        var items = reader;
        reader.Skip();
        tags = Tags(ref items);
        if (tags is null)
        {
            faults.Add("tags", "Write up to 20 texts of 1 to 100 characters, like [\"nightly\", \"eu\"].");
        }
    }

    private static string[]? Tags(ref Utf8JsonReader items)
    {
        if (items.TokenType != JsonTokenType.StartArray)
        {
            return null;
        }

        List<string> read = [];
        while (items.Read() && items.TokenType == JsonTokenType.String && read.Count < 20)
        {
            var tag = Text(ref items);
            if (tag.Length is 0 or > 100 || tag.Contains('\0', StringComparison.Ordinal))
            {
                return null;
            }

            read.Add(tag);
        }

        return items.TokenType == JsonTokenType.EndArray ? [.. read] : null;
    }

    private void Unknown(ref Utf8JsonReader reader, string field)
    {
        var shown = field.Length <= 60 ? field : string.Concat(field.AsSpan(0, 60), "…");
        faults.Add(shown, "There is no such field. A task has type, data, queue_name, priority, delay_seconds, scheduled_at, expires_at, "
            + "max_retries, retry_delay_seconds, retry_backoff, max_retry_delay_seconds, timeout_seconds, tags and context.");
        reader.Skip();
    }
}
