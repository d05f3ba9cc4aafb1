using System.Globalization;
using System.Text.Json;

namespace Millrace.Api.Requests;

/// <summary>A fault of JSON as a sentence that says where it is.</summary>
internal static class JsonSentence
{
    internal static string From(JsonException exception)
    {
        var reason = exception.Message;
        var end = reason.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var sentence = end < 0 ? reason : reason[..end];
        return exception.LineNumber is { } line
            ? string.Create(CultureInfo.InvariantCulture, $"{sentence} It is in line {line + 1}, at byte {exception.BytePositionInLine + 1}.")
            : sentence;
    }
}
