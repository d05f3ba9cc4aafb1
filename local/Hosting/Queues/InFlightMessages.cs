namespace Millrace.Local.Hosting.Queues;

/// <summary>The messages of one listener that are being processed, and a way to wait for room.</summary>
internal sealed class InFlightMessages
{
    private readonly Lock gate = new();
    private int count;
    private int awaited = -1;
    private TaskCompletionSource? room;

    public void Enter()
    {
        lock (gate)
        {
            count++;
        }
    }

    public void Leave()
    {
        lock (gate)
        {
            count--;
            if (room is not null && count <= awaited)
            {
                room.TrySetResult();
                room = null;
            }
        }
    }

    /// <summary>Waits until at most <paramref name="most"/> are in flight. One waiter at a time: the poll loop.</summary>
    public Task WaitUntilAtMostAsync(int most, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (count <= most)
            {
                return Task.CompletedTask;
            }

            awaited = most;
            room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return room.Task.WaitAsync(cancellation);
        }
    }
}
