using System.Threading.Channels;

namespace Millrace.Execute;

/// <summary>Something has changed: any number of sets wake the waiter once.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> set =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    internal void Set() => set.Writer.TryWrite(true);

    /// <summary>Returns once it is set, after <paramref name="longest"/>, or when cancelled, whichever is first.</summary>
    internal async Task WaitAsync(TimeSpan longest, TimeProvider clock, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await set.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time is up, or the caller stops: both are for the caller to see.
        }
    }

    /// <summary>Returns once it is set, at once if it was since the last return.</summary>
    internal ValueTask<bool> WaitAsync(CancellationToken cancellation) => set.Reader.ReadAsync(cancellation);
}
