using System.Text.Json;
using Millrace.Store.Rows;

namespace Millrace.Queues;

/// <summary>The body of a wake: which queue, and what to do; and further queues whose wakes are for the same second.</summary>
internal sealed record WakeMessage(string QueueName, WakePurpose Purpose, string[]? MoreQueues = null)
{
    /// <summary>Null when the text is no such body, or names what no queue can be called.</summary>
    internal static WakeMessage? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, QueueJson.Default.WakeMessage) is { } wake
                && Enum.IsDefined(wake.Purpose) && wake.QueueNames.All(static name => name is not null && !name.Contains('\0', StringComparison.Ordinal))
                    ? wake
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>All of them, each once.</summary>
    internal IEnumerable<string> QueueNames => ((string[])[QueueName, .. MoreQueues ?? []]).Distinct(StringComparer.Ordinal);
}
