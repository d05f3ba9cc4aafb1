namespace Millrace.Execute;

/// <summary>Places for handlers that run at the same time: each worker holds one.</summary>
internal sealed class HandlerPlaces(int concurrency)
{
    private int taken;
    private int allWereTaken;
    private bool wereFree;

    internal bool AreFree => Volatile.Read(ref taken) < concurrency;

    /// <summary>Since the look before the last some were free all the time; before there was a look, it is not known to be so.</summary>
    internal bool WereFree => wereFree && Volatile.Read(ref allWereTaken) == 0;

    internal void Look() => wereFree = Interlocked.Exchange(ref allWereTaken, 0) == 0;

    /// <summary>In one step, for several threads start workers at the same time.</summary>
    internal bool TryTake()
    {
        for (var now = Volatile.Read(ref taken); now < concurrency; now = Volatile.Read(ref taken))
        {
            if (Interlocked.CompareExchange(ref taken, now + 1, now) == now)
            {
                if (now + 1 == concurrency)
                {
                    Volatile.Write(ref allWereTaken, 1);
                }

                return true;
            }
        }

        return false;
    }

    internal void Leave() => Interlocked.Decrement(ref taken);
}
