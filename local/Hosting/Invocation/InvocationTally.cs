namespace Millrace.Local.Hosting.Invocation;

/// <summary>Counts the work in flight, and lets a drain wait for it to end.</summary>
internal sealed class InvocationTally
{
    private readonly Lock gate = new();
    private int outstanding;
    private int retries;
    private TaskCompletionSource? empty;

    public int Outstanding => Volatile.Read(ref outstanding);

    public int Retries => Volatile.Read(ref retries);

    public int Enter() => Interlocked.Increment(ref outstanding);

    public void Leave()
    {
        if (Interlocked.Decrement(ref outstanding) == 0 && Volatile.Read(ref empty) is not null)
        {
            lock (gate)
            {
                empty?.TrySetResult();
            }
        }
    }

    public void EnterRetry() => Interlocked.Increment(ref retries);

    public void LeaveRetry() => Interlocked.Decrement(ref retries);

    /// <summary>True when nothing is in flight any more, false when the time-out came first.</summary>
    public async Task<bool> WaitEmptyAsync(TimeSpan timeout, TimeProvider time)
    {
        Task done;
        lock (gate)
        {
            empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            done = empty.Task;
        }

        // Checked after the source is in place: a last Leave before it would not have signalled.
        Interlocked.MemoryBarrier();
        if (Outstanding == 0)
        {
            return true;
        }

        try
        {
            await done.WaitAsync(timeout, time);
            return true;
        }
        catch (TimeoutException)
        {
            return Outstanding == 0;
        }
    }
}
