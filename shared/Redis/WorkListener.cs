using System.Threading.Channels;

namespace Millrace.Redis;

/// <summary>Hears of new work in one queue.</summary>
internal sealed class WorkListener(ChannelReader<bool> signals, Action stop) : IDisposable
{
    /// <summary>Returns at the next signal, or after <paramref name="longest"/>, whichever is first.</summary>
    internal async Task WaitAsync(TimeSpan longest, TimeProvider clock, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await signals.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time is up, or the caller stops: both are for the caller to see.
        }
    }

    public void Dispose() => stop();
}
