using System.Text.Json;
using Millrace.Lifecycle;

namespace Millrace.Submit;

internal sealed partial class TaskDraft
{
    private void ReadField(ref Utf8JsonReader reader, ReadOnlySpan<byte> source)
    {
        var field = FieldName(ref reader);
        var flag = FlagOf(field);
        if ((seen & flag) != Seen.None)
        {
            AddGivenTwice(flag, field);
        }

        seen |= flag;
        reader.Read();
        switch (field)
        {
            case "type" or "name": type = ReadName(ref reader, "type", TaskNames.LongestType); break;
            case "data" or "payload" or "args": data = Raw(ref reader, source); break;
            case "queue_name": queueName = ReadName(ref reader, field, TaskNames.LongestQueueName) ?? queueName; break;
            case "priority": ReadPriority(ref reader); break;
            case "delay_seconds": delaySeconds = Number(ref reader, field, 0, 31_536_000) ?? 0; break;
            case "scheduled_at": scheduledAt = Moment(ref reader, field); break;
            case "expires_at": expiresAt = Moment(ref reader, field); break;
            case "max_retries": maxRetries = (short?)Whole(ref reader, field, 0, 100); break;
            case "retry_delay_seconds": retryDelaySeconds = (float?)Number(ref reader, field, 0, 604_800); break;
            case "retry_backoff": retryBackoff = (float?)Number(ref reader, field, 1, 100); break;
            case "max_retry_delay_seconds": maxRetryDelaySeconds = (float?)Number(ref reader, field, 0, 604_800); break;
            case "timeout_seconds": timeoutSeconds = Whole(ref reader, field, 1, 86_400); break;
            case "context": context = RawObject(ref reader, source, field); break;
            case "tags": ReadTags(ref reader); break;
            case "external_id": ReadExternalId(ref reader); break;
            case "result_ttl_seconds": resultTtlSeconds = Whole(ref reader, field, 0, 31_536_000); break;
            default: Unknown(ref reader, field); break;
        }
    }

    /// <summary>The three that nearly every task has, without making a string of the name.</summary>
    private static string FieldName(ref Utf8JsonReader reader)
    {
        // A name with escapes may hold a lone surrogate, on which ValueTextEquals throws.
        if (!reader.ValueIsEscaped)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                return "type";
            }

            if (reader.ValueTextEquals("data"u8))
            {
                return "data";
            }

            if (reader.ValueTextEquals("queue_name"u8))
            {
                return "queue_name";
            }
        }

        return Text(ref reader);
    }

    private static Seen FlagOf(string field) => field switch
    {
        "type" or "name" => Seen.Type,
        "data" or "payload" or "args" => Seen.Data,
        "queue_name" => Seen.Queue,
        "priority" => Seen.Priority,
        "delay_seconds" => Seen.Delay,
        "scheduled_at" => Seen.ScheduledAt,
        "expires_at" => Seen.ExpiresAt,
        "max_retries" => Seen.MaxRetries,
        "retry_delay_seconds" => Seen.RetryDelay,
        "retry_backoff" => Seen.RetryBackoff,
        "max_retry_delay_seconds" => Seen.MaxRetryDelay,
        "timeout_seconds" => Seen.Timeout,
        "context" => Seen.Context,
        "tags" => Seen.Tags,
        "external_id" => Seen.ExternalId,
        "result_ttl_seconds" => Seen.ResultTtl,
        _ => Seen.None,
    };

    private void AddGivenTwice(Seen flag, string field)
    {
        switch (flag)
        {
            case Seen.Type: faults.Add("type", "It is given twice; 'name' is another word for it."); break;
            case Seen.Data: faults.Add("data", "It is given twice; 'payload' and 'args' are other words for it."); break;
            default: faults.Add(field, "It is given twice."); break;
        }
    }

    private string? ReadName(ref Utf8JsonReader reader, string field, int longest)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            faults.Add(field, $"Write a text, not {Kind(ref reader)}.");
            reader.Skip();
            return null;
        }

        return Name(Text(ref reader), field, longest);
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

    private void ReadExternalId(ref Utf8JsonReader reader)
    {
        var id = reader.TokenType == JsonTokenType.String ? Text(ref reader) : string.Empty;
        if (SubmissionKeys.IsKey(id))
        {
            externalId = id;
            return;
        }

        faults.Add("external_id", SubmissionKeys.Rule);
        reader.Skip();
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
        faults.Add(ShortText.Of(field, 60), "There is no such field. A task has type, data, queue_name, priority, delay_seconds, scheduled_at, expires_at, "
            + "max_retries, retry_delay_seconds, retry_backoff, max_retry_delay_seconds, timeout_seconds, tags, context, external_id and "
            + "result_ttl_seconds.");
        reader.Skip();
    }
}
