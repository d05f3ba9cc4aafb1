using Millrace.Tests.Chaos.Facts;

namespace Millrace.Tests.Chaos.Trying;

/// <summary>
/// One fault and the work around it. It reads like a story: work begins, something breaks, it is mended. What became of the work is
/// judged afterwards, the same way for all.
/// </summary>
internal abstract class Scenario
{
    /// <summary>A word for the command line and the results.</summary>
    internal abstract string Name { get; }

    /// <summary>The fault in words, for the table.</summary>
    internal abstract string Fault { get; }

    /// <summary>How many tries the long form makes: 20 of kills, freezes and outages, 5 of the rest.</summary>
    internal virtual int Tries => 5;

    internal virtual Expectation Expected { get; } = new();

    /// <summary>How many executors there are when the story begins.</summary>
    internal virtual int Executors => 2;

    /// <summary>Settings of the executors beside those of every local host.</summary>
    internal virtual IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    /// <summary>Settings of PostgreSQL beside those of every try.</summary>
    internal virtual IReadOnlyDictionary<string, string> PostgresSettings { get; } = new Dictionary<string, string>();

    /// <summary>Whether PostgreSQL's files lie on a disk of their own that can be filled.</summary>
    internal virtual bool NeedsSmallDisk => false;

    /// <summary>After the fault, everything has ended within this.</summary>
    internal virtual TimeSpan DrainWithin => TimeSpan.FromSeconds(90);

    /// <summary>A sentence if this machine cannot play it; none if it can.</summary>
    internal virtual string? WhyNotHere() => null;

    /// <summary>Before the executors start: what stands between them and the servers.</summary>
    internal virtual Task PrepareAsync(World world, CancellationToken cancellation) => Task.CompletedTask;

    internal abstract Task PlayAsync(World world, CancellationToken cancellation);
}
