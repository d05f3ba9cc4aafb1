using System.Text.Json;

namespace Millrace.Queues;

/// <summary>The body of a ticket's message: a hint, never the truth.</summary>
internal sealed record TicketMessage(long TicketId, string QueueName, string? Traceparent)
{
    /// <summary>Null when the text is no such body.</summary>
    internal static TicketMessage? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, QueueJson.Default.TicketMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
