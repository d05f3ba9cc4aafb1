using System.Globalization;
using System.Text.Json;

namespace Millrace.Local.Hosting.Timers;

/// <summary>The status blob: <c>Last</c>, <c>Next</c>, <c>LastUpdated</c>, local times with their offset.</summary>
internal static class TimerStatusJson
{
    // How the real host writes "never": a default DateTime.
    private const string Never = "0001-01-01T00:00:00";

    public static BinaryData Write(TimerStatus status)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("Last", status.Last is { } last ? Text(last) : Never);
            json.WriteString("Next", Text(status.Next));
            json.WriteString("LastUpdated", Text(status.LastUpdated));
            json.WriteEndObject();
        }

        return BinaryData.FromBytes(buffer.ToArray());
    }

    /// <summary>Null when the content is no status: the timer then starts as if it had never run.</summary>
    public static TimerStatus? Read(BinaryData content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return Time(document, "Next") is { } next && Time(document, "LastUpdated") is { } updated
                ? new TimerStatus(Time(document, "Last"), next, updated)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var value)
        && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && time.Year > 1
            ? time
            : null;
}
