namespace Millrace.Inspect;

/// <summary>Keeps one expensive read for a moment, and lets one caller read for all who wait.</summary>
internal sealed class ShortMemory<T>(TimeProvider clock, TimeSpan kept, Func<CancellationToken, Task<T>> read) : IDisposable
    where T : class
{
    private readonly SemaphoreSlim turn = new(1);
    private (T Value, long At)? last;

    internal async Task<T> GetAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (last is not { } known || clock.GetElapsedTime(known.At) >= kept)
            {
                var at = clock.GetTimestamp();
                last = known = (await read(cancellation), at);
            }

            return known.Value;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
