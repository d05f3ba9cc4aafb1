using System.Diagnostics;
using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Submit;

/// <summary>
/// A CloudEvent 1.0 while it is read, in whichever form it came: its attributes by name, its data as JSON. As a task it has its
/// type and data; the other attributes are kept in the context.
/// </summary>
internal sealed partial class EventDraft(Faults faults)
{
    /// <summary>Each costs memory that is a multiple of its text, and no event needs so many.</summary>
    private const int MostAttributes = 100;

    private readonly Dictionary<string, EventAttribute> attributes = new(StringComparer.Ordinal);
    private byte[]? data;
    private byte[]? binary;

    /// <summary>An attribute, a core one or an extension.</summary>
    /// <param name="name">As it was sent; what is no name is a fault.</param>
    /// <param name="text">Its value.</param>
    /// <param name="isLiteral">A number or a boolean of JSON, to be kept as one.</param>
    internal void Add(string name, string text, bool isLiteral = false)
    {
        if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)))
        {
            faults.Add(Shown(name), "The name of an attribute has lower-case letters and digits only.");
        }
        else if (attributes.Count >= MostAttributes && !attributes.ContainsKey(name))
        {
            faults.Add(Shown(name), $"An event has up to {MostAttributes} attributes. Put what it says more into its data.");
        }
        else if (!attributes.TryAdd(name, new EventAttribute(text, isLiteral)))
        {
            faults.Add(Shown(name), "It is given twice.");
        }
        else if (!IsText(text))
        {
            faults.Add(Shown(name), "Write a text without control characters.");
        }
        else if (isLiteral && IsCore(name))
        {
            faults.Add(Shown(name), $"Write a text, not {(text is "true" or "false" ? "true or false" : "a number")}.");
        }
    }

    /// <summary>Data that came as bytes, of the media type that datacontenttype names.</summary>
    /// <param name="bytes">None, when the event has no data.</param>
    /// <param name="otherwise">Their media type when the event names none.</param>
    internal void TakeBytes(ReadOnlySpan<byte> bytes, string otherwise)
    {
        if (!bytes.IsEmpty)
        {
            data = EventData.FromBytes(bytes, Value("datacontenttype") ?? otherwise, faults);
        }
    }

    /// <returns>Null when there are faults.</returns>
    internal NewTask? ToTask(TaskDefaults defaults, TaskId id, string? traceParent, RequestKey? requestKey)
    {
        TakeBytes(binary, "application/octet-stream");
        Check();
        var draft = new TaskDraft(faults);
        draft.TakeEvent(Value("type"), Value("queuename"), Value("priority"), data, Context());
        return draft.ToTask(defaults, id, TraceOf(Value("traceparent")) ?? traceParent) is { } task
            ? SubmissionKeys.OfEvent(task, Value("source")!, Value("id")!, requestKey)
            : null;
    }

    private string? Value(string name) => attributes.TryGetValue(name, out var attribute) ? attribute.Text : null;

    /// <summary>A trace that is none is no fault of the event: the standard wants it passed over.</summary>
    private static string? TraceOf(string? text) => text is not null && ActivityContext.TryParse(text, null, out _) ? text : null;

    private static bool IsCore(string name) =>
        name is "specversion" or "id" or "source" or "type" or "subject" or "time" or "dataschema" or "datacontenttype";

    private static string Shown(string name) => ShortText.Of(name, 60);
}
