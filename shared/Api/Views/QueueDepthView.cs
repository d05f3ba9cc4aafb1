using Millrace.Store.Rows;

namespace Millrace.Api.Views;

/// <summary>How many tasks of a queue are in each state; <c>depth</c> is what is due and waits.</summary>
internal sealed record QueueDepthView(
    string QueueName, bool Paused, long Depth, long Pending, long Scheduled, long Retrying, long Blocked, long Dispatched, long Running,
    long Failed, IReadOnlyDictionary<string, long> PendingByPriority)
{
    internal static QueueDepthView From(QueueDepth depth) => new(
        depth.QueueName, depth.Paused, depth.Pending + depth.Dispatched, depth.Pending, depth.Scheduled, depth.Retrying, depth.Blocked,
        depth.Dispatched, depth.Running, depth.Failed,
        depth.PendingByPriority.Index().Where(static p => p.Item > 0).ToDictionary(
            static p => (p.Index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), static p => p.Item));
}
