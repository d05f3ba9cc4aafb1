using System.Globalization;
using System.Text.Json;

namespace Millrace.Submit;

internal sealed partial class TaskDraft
{
    internal static byte[] Raw(ref Utf8JsonReader reader, ReadOnlySpan<byte> source)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return source[start..(int)reader.BytesConsumed].ToArray();
    }

    private byte[]? RawObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, string field)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return Raw(ref reader, source);
        }

        faults.Add(field, $"Write an object, not {Kind(ref reader)}.");
        reader.Skip();
        return null;
    }

    private double? Number(ref Utf8JsonReader reader, string field, double least, double most)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && number >= least && number <= most)
        {
            return number;
        }

        faults.Add(field, string.Create(CultureInfo.InvariantCulture, $"Write a number from {least} to {most}."));
        reader.Skip();
        return null;
    }

    private int? Whole(ref Utf8JsonReader reader, string field, int least, int most)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }

        faults.Add(field, string.Create(CultureInfo.InvariantCulture, $"Write a whole number from {least} to {most}."));
        reader.Skip();
        return null;
    }

    private DateTimeOffset? Moment(ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var moment) && HasOffset(Text(ref reader))
            && moment.UtcDateTime.Year is >= 1970 and < 9000)
        {
            return moment;
        }

        faults.Add(field, "Write a time with its offset, like 2027-01-31T08:00:00Z.");
        reader.Skip();
        return null;
    }

    /// <summary>Without an offset the time would be read in the zone of whatever machine runs this.</summary>
    private static bool HasOffset(string moment) => moment[^1] == 'Z' || moment.AsSpan(10).IndexOfAny('+', '-') >= 0;

    /// <summary>Text of the current token; a lone surrogate becomes a character that no name allows.</summary>
    internal static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD";
        }
    }

    internal static string Kind(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.Number => "a number",
        JsonTokenType.String => "a text",
        JsonTokenType.Null => "null",
        _ => "true or false",
    };
}
