namespace Millrace.Local.Hosting.Http;

/// <summary><c>maxOutstandingRequests</c>: above it, 429. Without one it costs nothing.</summary>
internal sealed class RequestLimit(int? most)
{
    private int outstanding;

    public bool TryEnter()
    {
        if (most is not { } limit)
        {
            return true;
        }

        if (Interlocked.Increment(ref outstanding) <= limit)
        {
            return true;
        }

        Interlocked.Decrement(ref outstanding);
        return false;
    }

    public void Leave()
    {
        if (most is not null)
        {
            Interlocked.Decrement(ref outstanding);
        }
    }
}
