namespace Millrace.Inspect;

/// <summary>
/// Keeps one expensive read for a moment after its end, and lets one read answer all who wait for it. So however slow it is, there is one at a time, and
/// nobody waits for more than one. A caller that gives up does not end it for the others.
/// </summary>
internal sealed class ShortMemory<T>(TimeProvider clock, TimeSpan kept, Func<CancellationToken, Task<T>> read) : IDisposable
    where T : class
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = new();
    private Task<T>? reading;
    private (T Value, long At)? last;

    internal Task<T> GetAsync(CancellationToken cancellation)
    {
        if (kept == TimeSpan.Zero)
        {
            return read(cancellation);
        }

        lock (gate)
        {
            if (last is { } known && clock.GetElapsedTime(known.At) < kept)
            {
                return Task.FromResult(known.Value);
            }

            // A read ends by the time-out of its statements, if by nothing else.
            reading ??= Task.Run(ReadAsync, CancellationToken.None);
            return reading.WaitAsync(cancellation);
        }
    }

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    private async Task<T> ReadAsync()
    {
        try
        {
            var value = await read(stop.Token);
            lock (gate)
            {
                last = (value, clock.GetTimestamp());
            }

            return value;
        }
        finally
        {
            lock (gate)
            {
                reading = null;
            }
        }
    }
}
