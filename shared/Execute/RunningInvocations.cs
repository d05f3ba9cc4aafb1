namespace Millrace.Execute;

/// <summary>The invocations of this process that work tickets off: whoever ends the process waits for them, so that they can give back what they hold.</summary>
internal sealed class RunningInvocations
{
    private readonly Lock gate = new();
    private int running;
    private TaskCompletionSource? none;

    /// <summary>Counts one until it is disposed.</summary>
    internal IDisposable Enter()
    {
        lock (gate)
        {
            running++;
        }

        return new Entered(this);
    }

    /// <summary>Returns once none runs, or after <paramref name="longest"/>.</summary>
    internal async Task WaitUntilNoneAsync(TimeSpan longest, TimeProvider clock)
    {
        Task all;
        lock (gate)
        {
            all = running == 0 ? Task.CompletedTask : (none ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        await all.WaitAsync(longest, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Leave()
    {
        lock (gate)
        {
            if (--running == 0)
            {
                none?.TrySetResult();
                none = null;
            }
        }
    }

    private sealed class Entered(RunningInvocations all) : IDisposable
    {
        private int left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 1) == 0)
            {
                all.Leave();
            }
        }
    }
}
