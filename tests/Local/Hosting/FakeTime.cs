using Microsoft.Extensions.Time.Testing;

namespace Millrace.Tests.Local.Hosting;

/// <summary>Moves a fake clock until something has happened, however many timers that takes.</summary>
internal static class FakeTime
{
    public static FakeTimeProvider Start => new(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));

    public static async Task<T> AdvanceUntilAsync<T>(this FakeTimeProvider time, TimeSpan step, Task<T> done)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!done.IsCompleted)
        {
            time.Advance(step);
            await Task.WhenAny(done, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, timeout.Token));
            timeout.Token.ThrowIfCancellationRequested();
        }

        return await done;
    }
}
