using System.Globalization;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Places;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Trying;

/// <summary>After the story: lets the work end, looks at everything, and stops the executors.</summary>
internal static class Aftermath
{
    /// <summary>Probes go on for so long after the fault, at least.</summary>
    private const long Settling = 8 * Monotonic.Second;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ProbesEnd = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LedgerSettles = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);

    internal static async Task<Evidence> CollectAsync(World world, Scenario scenario, CancellationToken cancellation)
    {
        await DrainAsync(world, scenario.DrainWithin, cancellation);
        await world.StopProbingAsync();
        await WithinAsync(ProbesEnd, async () => await DatabaseRows.LiveAsync(world.Servers.Admin, withoutProbes: false, cancellation) == 0, cancellation);
        var until = Monotonic.Now;
        var faults = await LedgerAsync(world, cancellation);
        await world.Fleet.StopAsync(StopPatience);
        var unstopped = world.Fleet.Unstopped;
        var clock = await DatabaseClock.MeasureAsync(world.Servers.Admin, cancellation);
        var (ends, lines) = await EndLog.ReadAsync(world.Servers.Admin, clock, cancellation);
        return new()
        {
            Fault = world.Fault,
            Expected = scenario.Expected,
            Witness = world.Witness.Read(),
            Accepted = world.Sender.Accepted,
            Refusals = world.Refusals,
            Cancelled = world.Sender.Cancelled,
            CancelsAsked = world.Sender.CancelsAsked,
            Paused = world.Sender.Paused,
            Frozen = world.Fleet.Frozen,
            Ended = world.Fleet.Ended,
            Unstopped = unstopped,
            Ends = ends,
            Lines = lines,
            Noted = await world.NotedAsync(),
            Rows = await DatabaseRows.RowsAsync(world.Servers.Admin, clock, cancellation),
            Executors = await DatabaseRows.ExecutorsAsync(world.Servers.Admin, cancellation),
            LedgerFaults = faults,
            Until = until,
        };
    }

    /// <summary>Probes come all the time, so what is looked for is that nothing else is left.</summary>
    private static async Task DrainAsync(World world, TimeSpan longest, CancellationToken cancellation)
    {
        await WithinAsync(longest, async () => await DatabaseRows.LiveAsync(world.Servers.Admin, withoutProbes: true, cancellation) == 0, cancellation);
        var left = world.Fault.Until + Settling - Monotonic.Now;
        if (left > 0)
        {
            await World.PauseAsync(Monotonic.Seconds(left), cancellation);
        }
    }

    /// <summary>What the ledger and the tickets say once they had time to settle; empty when all is well.</summary>
    private static async Task<IReadOnlyList<string>> LedgerAsync(World world, CancellationToken cancellation)
    {
        IReadOnlyList<string> faults = [];
        await WithinAsync(
            LedgerSettles,
            async () =>
            {
                var ledger = await world.Sender.VerifyAsync(cancellation);
                var left = await DatabaseRows.LeftTicketsAsync(world.Servers.Admin, [.. world.Fleet.Living.Select(static one => one.Id)], cancellation);
                faults =
                [
                    .. ledger.Faults,
                    .. ledger.Offenders.Select(static offender => string.Create(CultureInfo.InvariantCulture, $"{offender.Rule} {offender.Id}: {offender.Sentence}")),
                    .. ledger.Clean || ledger.Faults.Count + ledger.Offenders.Count > 0 ? [] : (string[])["The ledger is not clean and does not say why."],
                    .. left.Select(static ticket => $"Ticket {ticket} is still there: its lease is long over, its process is dead, or it is empty."),
                ];
                return faults.Count == 0;
            },
            cancellation);
        return faults;
    }

    /// <summary>Looks again and again, until it is so or the time is over. Which of the two it was shows in the evidence.</summary>
    private static async Task WithinAsync(TimeSpan longest, Func<Task<bool>> isSo, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo() && TimeProvider.System.GetElapsedTime(began) < longest)
        {
            await Task.Delay(Look, TimeProvider.System, cancellation);
        }
    }
}
