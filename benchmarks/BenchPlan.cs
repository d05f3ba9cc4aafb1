using System.Globalization;

namespace Millrace.Benchmarks;

/// <summary>What to measure, and how often.</summary>
internal sealed record BenchPlan(string Verb, int Jobs, int Rounds, string Data, string? Peers)
{
    internal const string Usage =
        "usage: dotnet run -c Release --project benchmarks -- bulk|drain|single|latency|all|bulk-memory [--jobs N] [--rounds N] [--data DIR] [--peers SCRIPT]";

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

        var known = args.Length % 2 == 1 && options.Keys.All(static key => key is "--jobs" or "--rounds" or "--data" or "--peers");
        return !known || !(Verbs.Contains(args[0]) || args[0] is "all" or BulkMemory.Verb or BareEndpoint.Verb)
            ? null
            : new BenchPlan(
                args[0],
                Number("--jobs", args[0] == BulkMemory.Verb ? 1_000_000 : 100_000),
                Number("--rounds", 3),
                options.GetValueOrDefault("--data") ?? Path.Combine(Path.GetTempPath(), "millrace-bench"),
                options.GetValueOrDefault("--peers"));

        int Number(string name, int otherwise) =>
            options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
