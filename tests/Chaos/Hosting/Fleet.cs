using System.Collections.Concurrent;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Hosting;

/// <summary>The executors of a try: places with roads of their own, and a process in each that was started.</summary>
internal sealed class Fleet(Func<int, ExecutorRoads> roads, Func<int, ExecutorRoads, IReadOnlyDictionary<string, string>?, ExecutorProcess> start)
    : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<int, ExecutorProcess> running = new();
    private readonly ConcurrentDictionary<int, ExecutorRoads> places = new();
    private readonly ConcurrentBag<ExecutorProcess> all = [];
    private readonly ConcurrentBag<FrozenSpan> frozen = [];
    private readonly CancellationTokenSource over = new();
    private Task keeping = Task.CompletedTask;

    /// <summary>The process in a place.</summary>
    internal ExecutorProcess this[int place] => running[place];

    internal IReadOnlyList<ExecutorRoads> Roads => [.. places.OrderBy(static place => place.Key).Select(static place => place.Value)];

    internal IReadOnlyList<ExecutorProcess> Usable => [.. running.Values.Where(static one => one.IsUsable)];

    internal IReadOnlyList<ExecutorProcess> Living => [.. running.Values.Where(static one => !one.Ended.IsCompleted)];

    internal IReadOnlyList<FrozenSpan> Frozen => [.. frozen];

    /// <summary>Those that were asked to stop and have not.</summary>
    internal IReadOnlyList<UnansweredStop> Unstopped =>
        [.. all.Where(static one => one is { AskedToStopAt: not null, Ended.IsCompleted: false }).Select(static one => new UnansweredStop(one.Id, one.AskedToStopAt!.Value, Monotonic.Now))];

    /// <summary>Every end so far, in the order of time.</summary>
    internal IReadOnlyList<ProcessEnd> Ended =>
        [.. all.Where(static one => one.Ended.IsCompletedSuccessfully).Select(static one => one.Ended.Result).OrderBy(static end => end.At)];

    /// <summary>Starts a process in the place and waits until it answers, or has died on the way.</summary>
    internal async Task StartAsync(int place, CancellationToken cancellation, IReadOnlyDictionary<string, string>? settings = null)
    {
        var process = start(place, RoadsOf(place), settings);
        all.Add(process);
        running[place] = process;
        await process.UntilReadyAsync(cancellation);
    }

    internal ExecutorRoads RoadsOf(int place) => places.GetOrAdd(place, roads);

    /// <summary>Stops the process for so long; it notices nothing but the time.</summary>
    internal async Task FreezeAsync(int place, TimeSpan time, CancellationToken cancellation)
    {
        var process = running[place];
        var from = Monotonic.Now;
        process.Freeze();
        try
        {
            await Task.Delay(time, TimeProvider.System, cancellation);
        }
        finally
        {
            process.Thaw();
            frozen.Add(new(process.Id, from, Monotonic.Now));
        }
    }

    /// <summary>The process goes on and does not reach PostgreSQL for so long. What it had sent arrives afterwards; its connections may be dead then.</summary>
    internal async Task CutOffAsync(int place, TimeSpan time, bool areDead, CancellationToken cancellation)
    {
        var (process, road) = (running[place], RoadsOf(place).Postgres);
        var from = Monotonic.Now;
        process.IsCutOff = true;
        road.HalfOpen();
        try
        {
            await Task.Delay(time, TimeProvider.System, cancellation);
        }
        finally
        {
            if (areDead)
            {
                road.Cut();
            }

            road.Pass();
            process.IsCutOff = false;
            frozen.Add(new(process.Id, from, Monotonic.Now));
        }
    }

    /// <summary>From now on a process that has ended is followed by another one soon, as on a platform that keeps its instances.</summary>
    internal void KeepAlive() => keeping = KeepAsync(over.Token);

    /// <summary>No more are started; each is asked to stop, and killed where it does not.</summary>
    internal async Task StopAsync(TimeSpan patience)
    {
        await over.CancelAsync();
        await keeping;
        foreach (var process in Living)
        {
            process.AskToStop();
        }

        Task ended = Task.WhenAll(all.Select(static one => one.Ended));
        await ended.WaitAsync(patience, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await keeping;
        foreach (var process in all)
        {
            await process.DisposeAsync();
        }

        foreach (var road in places.Values)
        {
            await road.DisposeAsync();
        }

        over.Dispose();
    }

    private async Task KeepAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                foreach (var place in running.Where(static one => one.Value.Ended.IsCompleted).Select(static one => one.Key).ToArray())
                {
                    await StartAsync(place, cancellation);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The try is over.
        }
    }
}
