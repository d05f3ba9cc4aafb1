namespace Millrace.Redis;

/// <summary>Does a work at once when it is asked for, and once more after a pause for all who asked meanwhile. The work does not throw.</summary>
/// <param name="work">The work.</param>
/// <param name="pause">Between two times.</param>
/// <param name="clock">Measures it.</param>
/// <param name="stop">Ends it.</param>
/// <param name="onIdle">Called when nobody has asked again: its owner may forget it. Whoever asks it all the same is served.</param>
internal sealed class PacedWork(Func<Task> work, TimeSpan pause, TimeProvider clock, CancellationToken stop, Action<PacedWork>? onIdle = null)
{
    private const int Idle = 0;
    private const int Busy = 1;
    private const int BusyAndAskedAgain = 2;

    private int state;

    /// <summary>What goes on now.</summary>
    internal Task Current { get; private set; } = Task.CompletedTask;

    /// <summary>Returns as soon as the work waits for something.</summary>
    internal void Ask()
    {
        if (Interlocked.CompareExchange(ref state, BusyAndAskedAgain, Busy) == Idle && Interlocked.CompareExchange(ref state, Busy, Idle) == Idle)
        {
            Current = RunAsync();
        }
    }

    private async Task RunAsync()
    {
        do
        {
            Volatile.Write(ref state, Busy);
            await work();
            await Task.Delay(pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!stop.IsCancellationRequested && Interlocked.CompareExchange(ref state, Idle, Busy) != Busy);
        onIdle?.Invoke(this);
    }
}
