using System.Globalization;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Judging;

/// <summary>An executor that is asked to stop has ended before the Functions host would kill it.</summary>
internal static class StopRules
{
    private const long Longest = 5 * Monotonic.Second;

    internal static Recovery Judge(Evidence evidence)
    {
        var stops = evidence.Ended.Where(static end => end is { How: EndKind.Stopped, AskedAt: not null }).Select(static end => (end.ProcessId, Took: end.At - end.AskedAt!.Value))
            .Concat(evidence.Unstopped.Select(stop => (stop.ProcessId, Took: stop.SeenAt - stop.AskedAt))).ToList();
        return new(
            stops.Count == 0 ? null : Monotonic.Seconds(stops.Max(static stop => stop.Took)),
            [.. stops.Where(static stop => stop.Took > Longest).Select(static stop => new Violation(
                Rule.Stopped, string.Create(CultureInfo.InvariantCulture, $"Executor {stop.ProcessId} was asked to stop and took {Monotonic.Seconds(stop.Took):0.0} s or more.")))]);
    }
}
