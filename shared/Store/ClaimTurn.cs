using System.Threading.Channels;

namespace Millrace.Store;

/// <summary>
/// Whose turn it is to claim of one queue in this process, while the queue is busy. Claims at the same time find each other's tasks and let them go
/// again: where there is much to claim they are quicker one after another. Where there is little nobody waits.
/// </summary>
internal sealed class ClaimTurn
{
    /// <summary>How long one waits before it asks again whether another process is still at it; then twice as long.</summary>
    internal static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);

    /// <summary>After this pause it claims without a turn: who has it may hang.</summary>
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(80);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    private readonly Channel<bool> free = Channel.CreateBounded<bool>(1);

    internal ClaimTurn() => Leave();

    /// <summary>When a claim last said that the queue is busy.</summary>
    internal long BusyAt { get; set; }

    /// <returns>False when it was not had in time.</returns>
    internal async Task<bool> TakeAsync(CancellationToken cancellation)
    {
        if (free.Reader.TryRead(out _))
        {
            return true;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestWait);
        try
        {
            return await free.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    internal void Leave() => free.Writer.TryWrite(true);
}
