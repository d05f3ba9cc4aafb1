using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.Lifecycle;
using Millrace.Submit;

namespace Millrace.Api.Requests;

/// <summary>The query parameters of one route, each at most once. <c>code</c> and <c>clientId</c> belong to the function key and pass.</summary>
internal sealed class QueryValues
{
    private static readonly string[] Passed = ["code", "clientId"];

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private readonly Faults faults;

    /// <param name="query">What was sent.</param>
    /// <param name="known">The names that the route knows.</param>
    /// <param name="faults">Gets every fault, of the readers below as well.</param>
    /// <param name="knownPrefix">What further names may begin with.</param>
    internal QueryValues(IQueryCollection query, string[] known, Faults faults, string? knownPrefix = null)
    {
        this.faults = faults;
        foreach (var (name, given) in query.Where(static one => !Passed.Contains(one.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!known.Contains(name, StringComparer.Ordinal) && !(knownPrefix is not null && name.StartsWith(knownPrefix, StringComparison.Ordinal)))
            {
                faults.Add(Shown(name), $"Is not a parameter here. Use {string.Join(", ", known)}.");
            }
            else if (given.Count > 1)
            {
                faults.Add(Shown(name), "Is given more than once. Give it once.");
            }
            else if (string.IsNullOrEmpty(given[0]) || !IsText(given[0]!) || !IsText(name))
            {
                faults.Add(Shown(name), "Has no value that can match. Leave it out or give it one.");
            }
            else
            {
                values.Add(name, given[0]!);
            }
        }
    }

    /// <summary>Every parameter that was given.</summary>
    internal IReadOnlyDictionary<string, string> All => values;

    /// <summary>Whether PostgreSQL can hold the text.</summary>
    internal static bool IsText(string text) => text.EnumerateRunes().All(static rune => rune.Value is not (0 or 0xFFFD));

    internal string? Text(string name) => values.GetValueOrDefault(name);

    internal bool Flag(string name)
    {
        if (values.TryGetValue(name, out var text) && text is not ("true" or "false"))
        {
            faults.Add(name, "Write true or false.");
        }

        return text == "true";
    }

    /// <summary>A whole number; a limit beyond what a page may have is cut, not refused.</summary>
    internal int Limit(int otherwise, int most) => Math.Min(Number("limit", otherwise, 1, int.MaxValue), most);

    internal int Number(string name, int otherwise, int least, int most)
    {
        if (!values.TryGetValue(name, out var text))
        {
            return otherwise;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return (int)number;
        }

        faults.Add(name, most == int.MaxValue
            ? $"Is not a whole number of {least} or more."
            : $"Is not a whole number from {least} to {most}." + (name == "skip" ? " For later pages use cursor." : string.Empty));
        return otherwise;
    }

    /// <summary>A span like <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>24h</c>, <c>7d</c>, or plain seconds.</summary>
    internal TimeSpan Span(string name, TimeSpan otherwise, TimeSpan least, TimeSpan most, string rule)
    {
        if (!values.TryGetValue(name, out var text))
        {
            return otherwise;
        }

        if (Parse(text) is { } span && span >= least && span <= most)
        {
            return span;
        }

        faults.Add(name, rule);
        return otherwise;
    }

    private static TimeSpan? Parse(string text)
    {
        var digits = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz");
        TimeSpan? unit = text[digits.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "" or "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            "d" => TimeSpan.FromDays(1),
            _ => null,
        };

        // Nobody means more than ten digits, and ten digits of days are no overflow yet when they are cut here.
        return unit is { } one && digits.Length <= 10
            && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count * one.TotalDays < 100_000
            ? count * one
            : null;
    }

    private static string Shown(string name) => ShortText.Of(name, 60);
}
