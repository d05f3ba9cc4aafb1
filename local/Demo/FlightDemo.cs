using System.Globalization;
using Millrace.Local.Services;

namespace Millrace.Local.Demo;

/// <summary>
/// 20,000 real flights as tasks: sent over HTTP, worked off, reported on. A demo that was killed is finished by the next
/// one; nothing is sent twice.
/// </summary>
internal sealed class FlightDemo(LocalHost local, LocalOptions options, DemoScreen screen, TimeProvider clock)
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(1);

    private readonly DemoStore store = DemoStore.Of(local.Host);

    /// <returns>0 when every flight has ended and the ledger is clean.</returns>
    internal async Task<int> RunAsync(CancellationToken cancellation)
    {
        using var alone = await FileLock.AcquireAsync(
            Path.Combine(options.Data, "demo.lock"), LockTimeout, () => screen.Say("Another demo is running; waiting for it."), clock, cancellation);
        var flights = await FlightFile.FindAsync(options, screen.Say, clock, cancellation);
        var plan = DemoPlan.For(await store.RunsAsync(cancellation), FlightFile.Flights, NewRun());
        screen.Say(plan.Sentence);
        var watch = new DemoWatch(store, plan, clock, await store.ProgressAsync(cancellation));
        var ended = await screen.FollowAsync(watch, () => SendAndWaitAsync(flights, plan, watch, cancellation));
        return await ReportAsync(plan, watch, ended, cancellation);
    }

    private async Task<bool> SendAndWaitAsync(FlightFile flights, DemoPlan plan, DemoWatch watch, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waiting = watch.WaitUntilEndedAsync(over.Token);
        try
        {
            await new FlightSender(local.Host, options).SendAsync(flights, plan, watch, cancellation);
            return await waiting;
        }
        catch
        {
            await over.CancelAsync();
            await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task<int> ReportAsync(DemoPlan plan, DemoWatch watch, bool ended, CancellationToken cancellation)
    {
        var ledger = await store.Ledger.ReadAsync(cancellation);
        screen.Show(AirportTable.Of(await store.AirportsAsync(plan.Run, cancellation)));
        screen.Show(DeadLetterTable.Of(await store.DeadLettersAsync(plan.Run, cancellation)));
        screen.Show(LedgerTable.Of(ledger));
        screen.Show(ThroughputTable.Of(await store.TimesAsync(plan.Run, cancellation), watch));
        if (!ended)
        {
            screen.Warn($"Nothing has ended for {DemoWatch.Patience.TotalSeconds:0} s. Start the demo again: it goes on where it stands.");
        }

        return ended && ledger.IsClean ? 0 : 1;
    }

    private string NewRun() => clock.GetUtcNow().UtcDateTime.ToString("'run-'yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
