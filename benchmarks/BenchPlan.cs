using System.Globalization;

namespace Millrace.Benchmarks;

/// <summary>What to measure, and how often.</summary>
internal sealed record BenchPlan(string Verb, int Jobs, int Rounds, string Data, string? Peers)
{
    /// <summary>A database that is there already; <c>pages</c> fills it once and measures it again and again.</summary>
    public string? Database { get; init; }

    /// <summary>Words in the names of the pages to measure; null for all pages.</summary>
    public string? Only { get; init; }

    internal const string Usage =
        "usage: dotnet run -c Release --project benchmarks -- bulk|drain|single|latency|all|bulk-memory|pages [--jobs N] [--rounds N] [--data DIR] [--peers SCRIPT] [--database CONNECTION] [--only WORDS]";

    internal static readonly string[] Verbs = ["bulk", "drain", "single", "latency"];

    internal bool Wants(string verb) => Verb == verb || Verb == "all";

    /// <returns>Null when the arguments are not usable.</returns>
    internal static BenchPlan? Parse(string[] args)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i + 1 < args.Length; i += 2)
        {
            options[args[i]] = args[i + 1];
        }

        var known = args.Length % 2 == 1 && options.Keys.All(static key => key is "--jobs" or "--rounds" or "--data" or "--peers" or "--database" or "--only");
        return !known || !(Verbs.Contains(args[0]) || args[0] is "all" or BulkMemory.Verb or BareEndpoint.Verb or Pages.Verb)
            ? null
            : new BenchPlan(
                args[0],
                Number("--jobs", args[0] switch { BulkMemory.Verb => 1_000_000, Pages.Verb => 40, _ => 100_000 }),
                Number("--rounds", 3),
                options.GetValueOrDefault("--data") ?? Path.Combine(Path.GetTempPath(), "millrace-bench"),
                options.GetValueOrDefault("--peers"))
            {
                Database = options.GetValueOrDefault("--database"),
                Only = options.GetValueOrDefault("--only"),
            };

        int Number(string name, int otherwise) =>
            options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
