using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Tests.Architecture;

/// <summary>Log events are numbered by stage, and no number is used twice.</summary>
public sealed partial class LogEventTests
{
    private static readonly (string Folder, int First, int Last)[] Ranges =
    [
        ("shared/Submit/", 1000, 1899),
        ("shared/Api/", 1000, 1899),
        ("shared/Redis/", 1900, 1999),
        ("shared/Dispatch/", 2000, 2999),
        ("shared/Execute/", 3000, 3999),
        ("shared/Heal/", 4000, 4999),
        ("shared/Store/", 5000, 5949),
        ("shared/Telemetry/", 5800, 5899),
        ("shared/Hosting/", 5900, 5999),
        ("shared/DeadLetters/", 6000, 6999),
        ("shared/Inspect/", 7000, 7999),
        ("shared/Manage/", 8000, 8999),
        ("local/", 9000, 9999),
    ];

    private static readonly List<(string Path, int Id)> Events =
    [
        .. from file in SourceFile.All
           where !file.Path.StartsWith("tests/", StringComparison.Ordinal)
           from Match match in Attribute().Matches(file.Text)
           select (file.Path, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)),
    ];

    [Fact]
    public void No_number_is_used_twice() => Findings.AssertNone(
        Events.GroupBy(static one => one.Id).Where(static same => same.Count() > 1)
            .Select(static same => $"{same.Key}: {string.Join(", ", same.Select(static one => one.Path))}"));

    [Fact]
    public void Every_number_is_in_the_range_of_its_stage() => Findings.AssertNone(
        Events.Where(static one => !Ranges.Any(range =>
                one.Path.StartsWith(range.Folder, StringComparison.Ordinal) && one.Id >= range.First && one.Id <= range.Last))
            .Select(static one => $"{one.Path}: {one.Id}"));

    [Fact]
    public void Every_log_event_has_a_number()
    {
        var attributes = SourceFile.All.Where(static file => !file.Path.StartsWith("tests/", StringComparison.Ordinal))
            .Sum(static file => file.Text.Split("[LoggerMessage(").Length - 1);

        Assert.Equal(attributes, Events.Count);
    }

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId = )?(\d+)")]
    private static partial Regex Attribute();
}
