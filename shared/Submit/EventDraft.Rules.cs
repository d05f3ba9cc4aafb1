using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Millrace.Submit;

internal sealed partial class EventDraft
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What CloudEvents 1.0 asks of the core attributes; the type is judged as the type of a task.</summary>
    private void Check()
    {
        if (Value("specversion") is not "1.0")
        {
            faults.Add("specversion", "Write 1.0: that is the version of CloudEvents that is read here.");
        }

        Require("id", static id => id.Length > 0, "Write the event's id, 1 character or more.");
        Require("source", static source => source.Length > 0 && !source.Any(char.IsWhiteSpace), "Write a URI reference, like /orders or urn:example:orders.");
        if (Value("id")?.Length + Value("source")?.Length > SubmissionKeys.LongestEvent)
        {
            faults.Add("id", $"source and id may have {SubmissionKeys.LongestEvent} characters together: they are the key of the event.");
        }

        Allow("subject", static subject => subject.Length > 0, "Write 1 character or more, or leave it out.");
        Allow("time", IsTime, "Write a time with its offset, like 2027-01-31T08:00:00Z.");
        Allow("dataschema", IsAbsoluteUri, "Write an absolute URI.");
        Allow("datacontenttype", static type => MediaTypeHeaderValue.TryParse(type, out _), "Write a media type, like application/json.");
    }

    private void Require(string name, Func<string, bool> isGood, string sentence)
    {
        if (Value(name) is not { } text || !isGood(text))
        {
            faults.Add(name, sentence);
        }
    }

    private void Allow(string name, Func<string, bool> isGood, string sentence)
    {
        if (Value(name) is { } text && !isGood(text))
        {
            faults.Add(name, sentence);
        }
    }

    private static bool IsTime(string text) =>
        Rfc3339().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>With its scheme written out: a path alone would be taken for a file's.</summary>
    private static bool IsAbsoluteUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && text.StartsWith(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase);

    /// <summary>No control characters, no noncharacters, no half of a surrogate pair.</summary>
    private static bool IsText(string text)
    {
        for (ReadOnlySpan<char> rest = text; !rest.IsEmpty;)
        {
            if (System.Text.Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done
                || System.Text.Rune.IsControl(rune) || rune.Value is 0xFFFD or (>= 0xFDD0 and <= 0xFDEF) || (rune.Value & 0xFFFE) == 0xFFFE)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }

    /// <summary>The context of the task: every attribute, under the one key that says what it was.</summary>
    private byte[] Context()
    {
        var context = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(context, Readable))
        {
            json.WriteStartObject();
            json.WriteStartObject("cloudevent"u8);
            foreach (var (name, attribute) in attributes)
            {
                json.WritePropertyName(name);
                if (attribute.IsLiteral)
                {
                    json.WriteRawValue(attribute.Text);
                }
                else
                {
                    json.WriteStringValue(attribute.Text);
                }
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return context.WrittenSpan.ToArray();
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Rfc3339();
}
