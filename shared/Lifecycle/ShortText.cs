using System.Globalization;

namespace Millrace.Lifecycle;

/// <summary>A text that is kept or shown up to a length. What is cut ends with an ellipsis, and never with half of a character.</summary>
internal static class ShortText
{
    /// <param name="text">Any text.</param>
    /// <param name="most">The most characters of the answer, the ellipsis included.</param>
    internal static string Of(string text, int most) =>
        text.Length <= most ? text : string.Concat(text.AsSpan(0, WholeLength(text, most - 1)), "…");

    /// <summary>The same, but what is cut ends with a word about how much that was.</summary>
    internal static string Told(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        // The mark is no longer than this: a text has up to ten digits of characters.
        const int LongestMark = 40;
        var kept = WholeLength(text, most - LongestMark);
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, kept)}… ({text.Length - kept:N0} more characters)");
    }

    /// <summary>As many characters, or one less where that would cut a surrogate pair in two.</summary>
    internal static int WholeLength(ReadOnlySpan<char> text, int most) =>
        most > 0 && most < text.Length && char.IsHighSurrogate(text[most - 1]) && char.IsLowSurrogate(text[most]) ? most - 1 : Math.Min(most, text.Length);
}
