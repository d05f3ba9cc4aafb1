using System.Globalization;
using Millrace.Lifecycle;

namespace Millrace.Submit;

internal sealed partial class TaskDraft
{
    /// <summary>The fields of a task that an event has. They were texts there; what is wrong with one is said by the event's name for it.</summary>
    internal void TakeEvent(string? eventType, string? eventQueue, string? eventPriority, byte[]? json, byte[] attributes)
    {
        data = json;
        context = attributes;
        if (eventType is not null)
        {
            seen |= Seen.Type;
            type = Name(eventType, "type", TaskNames.LongestType);
        }

        if (eventQueue is not null)
        {
            queueName = Name(eventQueue, "queuename", TaskNames.LongestQueueName) ?? queueName;
        }

        if (eventPriority is not null)
        {
            TakePriority(eventPriority);
        }
    }

    private string? Name(string text, string field, int longest)
    {
        if (TaskNames.IsName(text, longest))
        {
            return text;
        }

        faults.Add(field, TaskNames.Rule(longest));
        return null;
    }

    private void TakePriority(string text)
    {
        if (short.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 10)
        {
            priority = number;
        }
        else if (TaskNames.Priority(text) is { } named)
        {
            priority = named;
        }
        else
        {
            faults.Add("priority", TaskNames.PriorityRule);
        }
    }
}
