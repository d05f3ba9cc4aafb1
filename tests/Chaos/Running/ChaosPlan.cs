using System.Globalization;

namespace Millrace.Tests.Chaos.Running;

/// <summary>What the command line asks for.</summary>
internal sealed record ChaosPlan
{
    internal const string Short = "short";
    internal const string Long = "long";
    internal const string Table = "table";

    internal const string Usage = """
        dotnet run -c Release --project tests/Chaos -- short  the most telling scenarios, once each, in minutes
        dotnet run -c Release --project tests/Chaos -- long   every scenario, as often as docs/reliability.md says
        dotnet run -c Release --project tests/Chaos -- table  writes the results of this commit into docs/reliability.md
          --tries N            so many tries of each scenario
          --only NAME,NAME     these scenarios
          --side-by-side N     so many at a time; unless said 2 of the short form, 1 of the long one
          --data FOLDER        where results and logs are kept; .millrace/chaos unless said
          --list               names the scenarios, and plays none

        Every finished try is a line below FOLDER, by commit. The same command goes on where the last one stopped.
        """;

    internal required string Verb { get; init; }

    internal int? Tries { get; init; }

    internal IReadOnlyList<string> Only { get; init; } = [];

    internal int SideBySide { get; init; } = 1;

    internal string? Data { get; init; }

    internal bool List { get; init; }

    /// <returns>Null when the words make no sense.</returns>
    internal static ChaosPlan? Parse(IReadOnlyList<string> words)
    {
        if (words is not [Short or Long or Table, ..])
        {
            return null;
        }

        ChaosPlan? plan = new() { Verb = words[0], SideBySide = words[0] == Short ? 2 : 1 };
        for (var at = 1; at < words.Count && plan is not null; at++)
        {
            plan = (words[at], at + 1 < words.Count ? words[at + 1] : null) switch
            {
                ("--list", _) => plan with { List = true },
                ("--tries", { } value) when Count(value) is { } tries => plan with { Tries = tries },
                ("--side-by-side", { } value) when Count(value) is { } count => plan with { SideBySide = count },
                ("--only", { } value) => plan with { Only = value.Split(',', StringSplitOptions.RemoveEmptyEntries) },
                ("--data", { } value) => plan with { Data = value },
                _ => null,
            };
            at += words[at] == "--list" ? 0 : 1;
        }

        return plan;
    }

    private static int? Count(string word) => int.TryParse(word, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null;
}
