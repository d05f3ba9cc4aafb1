using System.Globalization;

namespace Millrace.Api.Requests;

/// <summary>A moment with its offset, as RFC 3339 writes it.</summary>
internal static class TextMoment
{
    /// <summary>What to write, when a text is none.</summary>
    internal const string Rule = "Write a time with its offset, like 2027-01-31T08:00:00Z.";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK",
    ];

    /// <summary>
    /// Null when the text is no moment, or has no offset: it would be read in the zone of whatever machine runs this. A plus that a
    /// query made a blank is one again.
    /// </summary>
    internal static DateTimeOffset? Read(string text)
    {
        if (text.Length is < 17 or > 40)
        {
            return null;
        }

        var sent = string.Concat(text.AsSpan(0, 11), text[11..].Replace(' ', '+'));
        var hasOffset = sent[^1] is 'Z' or 'z' || sent.AsSpan(11).IndexOfAny('+', '-') >= 0;
        return hasOffset && DateTimeOffset.TryParseExact(sent, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
               && moment.UtcDateTime.Year is >= 1970 and < 9000
            ? moment
            : null;
    }
}
