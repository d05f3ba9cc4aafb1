using System.Buffers;
using System.Text.Json;
using Millrace.Api.Requests;
using Millrace.Lifecycle;
using Millrace.Submit;

namespace Millrace.Manage;

/// <summary>The fields of a bulk action while they are read.</summary>
/// <param name="route">What it may say.</param>
/// <param name="faults">Gets every fault.</param>
internal sealed class BulkFields(BulkRoute route, Faults faults)
{
    private readonly string[] known = [.. route.Fields];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    internal BulkVerb? Verb { get; private set; }

    internal Dictionary<string, string> Filters { get; } = new(route.Filters ?? new Dictionary<string, string>(), StringComparer.Ordinal);

    internal bool All { get; private set; }

    internal bool DryRun { get; private set; }

    internal short? Priority { get; private set; }

    internal string? QueueName { get; private set; }

    internal int? Canary { get; private set; }

    internal long? Confirm { get; private set; }

    internal void Read(JsonElement order)
    {
        foreach (var field in order.EnumerateObject())
        {
            if (!seen.Add(field.Name))
            {
                faults.Add(Shown(field.Name), "It is given twice.");
            }

            Read(field.Name, field.Value);
        }

        if (route.Verb is null && !seen.Contains("action"))
        {
            faults.Add("action", $"Say what to do: {Verbs}.");
        }
    }

    /// <summary>A field that the action would not heed is a fault.</summary>
    internal void CheckFor(BulkVerb verb)
    {
        if (Priority is not null && verb is BulkVerb.Cancel or BulkVerb.Delete or BulkVerb.Move)
        {
            faults.Add("priority", $"Is of no use to {verb.ToString().ToLowerInvariant()}. Leave it out; to choose tasks by priority, put it into filters.");
        }

        if (QueueName is not null && verb is BulkVerb.Cancel or BulkVerb.Delete or BulkVerb.Boost)
        {
            faults.Add("queue_name", $"Is of no use to {verb.ToString().ToLowerInvariant()}. Leave it out; to choose tasks by queue, put it into filters.");
        }

        if (Canary is not null && verb is not (BulkVerb.Retry or BulkVerb.Replay))
        {
            faults.Add("canary", "Only retry and replay can be tried on a few first.");
        }

        if (verb == BulkVerb.Move && !seen.Contains("queue_name"))
        {
            faults.Add("queue_name", "Say where to: \"queue_name\": \"slow\".");
        }
    }

    /// <summary>The order as it is kept, whichever route it came by.</summary>
    internal byte[] ToJson(BulkVerb verb)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("action", verb.ToString().ToLowerInvariant());
            writer.WriteStartObject("filters");
            foreach (var (name, value) in Filters)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
            writer.WriteBoolean("all", All);
            WriteChanges(writer);
            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }

    private static string Verbs => string.Join(", ", Enum.GetNames<BulkVerb>()).ToLowerInvariant();

    private void WriteChanges(Utf8JsonWriter writer)
    {
        if (Priority is { } priority)
        {
            writer.WriteNumber("priority", priority);
        }

        if (QueueName is not null)
        {
            writer.WriteString("queue_name", QueueName);
        }

        if (Canary is { } canary)
        {
            writer.WriteNumber("canary", canary);
        }
    }

    private void Read(string name, JsonElement value)
    {
        if (!known.Contains(name, StringComparer.Ordinal))
        {
            faults.Add(Shown(name), $"There is no such field here. There is {string.Join(", ", known)}.");
            return;
        }

        switch (name)
        {
            case "action": Verb = ReadVerb(value); break;
            case "filters": ReadFilters(value); break;
            case "all": All = Flag(name, value); break;
            case "dry_run": DryRun = Flag(name, value); break;
            case "priority": Priority = ReadPriority(value); break;
            case "queue_name": QueueName = ReadQueue(value); break;
            case "canary": Canary = ReadCanary(value); break;
            default: Confirm = ReadConfirm(value); break;
        }
    }

    private BulkVerb? ReadVerb(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } word && word.All(char.IsAsciiLetter)
            && Enum.TryParse<BulkVerb>(word, ignoreCase: true, out var verb))
        {
            return verb;
        }

        faults.Add("action", $"Write one of {Verbs}.");
        return null;
    }

    private void ReadFilters(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            faults.Add("filters", "Write an object, like {\"status\": \"failed\", \"type\": \"send_invoice\"}.");
            return;
        }

        foreach (var filter in value.EnumerateObject())
        {
            if (filter.Name == "data" && filter.Value.ValueKind == JsonValueKind.Object)
            {
                AddPaths(TaskFilterFields.DataPrefix, filter.Value);
            }
            else if (TaskFilterFields.Names.Contains(filter.Name, StringComparer.Ordinal) || filter.Name.StartsWith(TaskFilterFields.DataPrefix, StringComparison.Ordinal))
            {
                AddFilter(filter.Name, filter.Value);
            }
            else
            {
                faults.Add(Shown(filter.Name), $"Is not a filter. Use {string.Join(", ", TaskFilterFields.Names)}, or data.key.");
            }
        }
    }

    private void AddPaths(string prefix, JsonElement value)
    {
        if (value.GetPropertyCount() == 0)
        {
            // Passed over, the action would be for more tasks than were meant.
            faults.Add(Shown(prefix.TrimEnd('.')), "It is empty, and filters nothing. Leave it out, or say which value it must have.");
        }

        foreach (var field in value.EnumerateObject())
        {
            if (field.Name.Contains('.', StringComparison.Ordinal))
            {
                faults.Add(Shown(prefix + field.Name), "A key with a dot cannot be looked for: the dot leads to the value inside.");
            }
            else if (field.Value.ValueKind == JsonValueKind.Object)
            {
                AddPaths($"{prefix}{field.Name}.", field.Value);
            }
            else
            {
                AddFilter(prefix + field.Name, field.Value);
            }
        }
    }

    private void AddFilter(string name, JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => string.Empty,
        };
        if (text.Length == 0 || !QueryValues.IsText(text) || !QueryValues.IsText(name) || !Filters.TryAdd(name, text))
        {
            faults.Add(Shown(name), "Give it one text, number, true or false.");
        }
    }

    private static string Shown(string name) => ShortText.Of(name, 60);

    private bool Flag(string name, JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            faults.Add(name, "Write true or false.");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    private short? ReadPriority(JsonElement value)
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

    private string? ReadQueue(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && TaskNames.IsName(value.GetString()!, TaskNames.LongestQueueName))
        {
            return value.GetString();
        }

        faults.Add("queue_name", TaskNames.Rule(TaskNames.LongestQueueName));
        return null;
    }

    private long? ReadConfirm(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count >= 0)
        {
            return count;
        }

        faults.Add("confirm", "Write how many tasks this is about, as the answer without confirm says.");
        return null;
    }

    private int? ReadCanary(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && BulkOrder.IsCanary(count))
        {
            return count;
        }

        faults.Add("canary", BulkOrder.CanaryRule);
        return null;
    }
}
