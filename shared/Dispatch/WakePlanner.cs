using Azure;
using Microsoft.Extensions.Logging;
using Millrace.Lifecycle;
using Millrace.Queues;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Dispatch;

/// <summary>Plans wakes: one statement for all that a pass wants, and one message for all queues whose wakes are for the same second.</summary>
internal sealed partial class WakePlanner(TaskStore store, MessageSender sender, ILogger<WakePlanner> log)
{
    /// <summary>With the longest names a message of so many stays below what a storage queue takes.</summary>
    internal const int MostTogether = 50;

    /// <summary>Makes sure that a pass comes when each of them is due. A wake that cannot be sent is planned anew once it is overdue.</summary>
    internal async Task PlanAsync(IReadOnlyList<WakeOrder> wakes, CancellationToken cancellation)
    {
        var planned = await store.PlanWakesAsync(wakes, cancellation);
        if (planned.Count == 0)
        {
            return;
        }

        // Checkpoint 4: the wakes are remembered, their messages are not sent. The rows grow old and are planned anew.
        CrashCheckpoints.Pass(4);
        try
        {
            await Task.WhenAll(
                from same in planned.GroupBy(static wake => (wake.Purpose, Math.Ceiling(wake.Delay.TotalSeconds)))
                from some in same.Chunk(MostTogether)
                select SendAsync(some, cancellation));
        }
        catch (Exception exception) when (exception is RequestFailedException or TimeoutException)
        {
            LogNotSent(exception.Message);
        }
    }

    private Task SendAsync(PlannedWake[] wakes, CancellationToken cancellation)
    {
        var more = wakes.Length > 1 ? Array.ConvertAll(wakes[1..], static wake => wake.QueueName) : null;
        return sender.SendWakeAsync(new(wakes[0].QueueName, wakes[0].Purpose, more), wakes.Max(static wake => wake.Delay), cancellation);
    }

    [LoggerMessage(2003, LogLevel.Warning, "A wake was not sent; the timers will do its work: {Reason}")]
    private partial void LogNotSent(string reason);
}
