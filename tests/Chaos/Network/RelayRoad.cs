namespace Millrace.Tests.Chaos.Network;

/// <summary>One direction of a relay: open or stalled, and how late what passes arrives.</summary>
internal sealed class RelayRoad
{
    private readonly Lock gate = new();
    private TaskCompletionSource opened = Opened();

    internal TimeSpan Latency { get; set; }

    /// <summary>From now on nothing arrives; nobody is told.</summary>
    internal void Stall()
    {
        lock (gate)
        {
            if (opened.Task.IsCompleted)
            {
                opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    internal void Open()
    {
        lock (gate)
        {
            opened.TrySetResult();
        }
    }

    /// <summary>Returns once the road is open.</summary>
    internal Task WhenOpenAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            return opened.Task.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }
}
