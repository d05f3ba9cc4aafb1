using System.Globalization;

using Millrace.Benchmarks.Bars;
using Millrace.Benchmarks.Load;
using Millrace.Benchmarks.Simulation;

namespace Millrace.Benchmarks;

/// <summary>What to measure, and how often.</summary>
internal sealed record BenchPlan(string Verb, int Jobs, int Rounds, string Data, string? Peers)
{
    /// <summary>A database that is there already; <c>pages</c> fills it once and measures it again and again.</summary>
    public string? Database { get; init; }

    /// <summary>Words in the names of the pages to measure; null for all pages.</summary>
    public string? Only { get; init; }

    internal const string Usage =
        "usage: dotnet run -c Release --project benchmarks -- all|bulk|drain|single|latency|cold|growth|pinned-snapshot|mixed|queues|worst-caller|cost|idle|start|scale|simulate|bulk-memory|pages|micro "
        + "[--jobs N] [--rounds N] [--minutes N] [--data DIR] [--json FILE] [--peers SCRIPT] [--peers-redis URL] [--database CONNECTION] [--only WORDS]";

    private static readonly string[] Verbs =
        ["all", "bulk", "drain", "single", "latency", "cold", "growth", "pinned-snapshot", "mixed", ManyQueues.Verb, WorstCaller.Verb, "cost", "idle", "start", "scale", BulkMemory.Verb, BareEndpoint.Verb, Pages.Pages.Verb, Simulate.Verb, Micro.Micro.Verb];

    private static readonly string[] Options = ["--jobs", "--rounds", "--minutes", "--data", "--json", "--peers", "--peers-redis", "--database", "--only"];

    /// <summary>A Redis with streams, for peers that need one; null for the run's own server, which has none.</summary>
    public string? PeersRedis { get; init; }

    /// <summary>How long <c>pinned-snapshot</c> goes on.</summary>
    public int Minutes { get; init; } = 10;

    /// <summary>Where to write every figure as one JSON document; null for nowhere.</summary>
    public string? Json { get; init; }

    internal bool Wants(params ReadOnlySpan<string> verbs) => Verb == "all" || verbs.Contains(Verb);

    /// <returns>Null when the arguments are not usable.</returns>
    internal static BenchPlan? Parse(string[] args)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i + 1 < args.Length; i += 2)
        {
            options[args[i]] = args[i + 1];
        }

        var known = args.Length % 2 == 1 && options.Keys.All(Options.Contains);
        return !known || !Verbs.Contains(args[0])
            ? null
            : new BenchPlan(
                args[0],
                Number("--jobs", args[0] switch { BulkMemory.Verb => 1_000_000, Pages.Pages.Verb => 40, _ => 100_000 }),
                Number("--rounds", 3),
                options.GetValueOrDefault("--data") ?? Path.Combine(Path.GetTempPath(), "millrace-bench"),
                options.GetValueOrDefault("--peers"))
            {
                PeersRedis = options.GetValueOrDefault("--peers-redis"),
                Database = options.GetValueOrDefault("--database"),
                Only = options.GetValueOrDefault("--only"),
                Minutes = Number("--minutes", 10),
                Json = options.GetValueOrDefault("--json"),
            };

        int Number(string name, int otherwise) =>
            options.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
