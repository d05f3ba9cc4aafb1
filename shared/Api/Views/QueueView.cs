using Millrace.Store.Rows;

namespace Millrace.Api.Views;

/// <summary>A queue: what is set, and its tasks by status, up to a second old. <c>depth</c> is what is due and waits.</summary>
internal sealed record QueueView(string Name, bool Paused, DateTime CreatedAt)
{
    /// <summary>A submission beyond this many waiting tasks is refused; left out when any number may wait.</summary>
    public int? MaxDepth { get; init; }

    /// <summary>Of its recent tasks; left out before the first has ended.</summary>
    public double? MeanRunMs { get; init; }

    public long Depth { get; init; }

    public long Pending { get; init; }

    public long Scheduled { get; init; }

    public long Retrying { get; init; }

    public long Blocked { get; init; }

    public long Dispatched { get; init; }

    public long Running { get; init; }

    public long Failed { get; init; }

    /// <param name="queue">What is set.</param>
    /// <param name="depth">Null for a queue that has no tasks, or had none at the last count.</param>
    internal static QueueView From(QueueSettings queue, QueueDepth? depth)
    {
        var view = new QueueView(queue.Name, queue.Paused, queue.CreatedAt)
        {
            MaxDepth = queue.MaxDepth,
            MeanRunMs = queue.MeanRunMs is { } mean ? Math.Round(mean, 2) : null,
        };
        return depth is null
            ? view
            : view with
            {
                Depth = depth.Pending + depth.Dispatched,
                Pending = depth.Pending,
                Scheduled = depth.Scheduled,
                Retrying = depth.Retrying,
                Blocked = depth.Blocked,
                Dispatched = depth.Dispatched,
                Running = depth.Running,
                Failed = depth.Failed,
            };
    }
}
