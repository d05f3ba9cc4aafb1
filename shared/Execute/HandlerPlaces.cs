namespace Millrace.Execute;

/// <summary>
/// Places for handlers of one ticket that run at the same time: each worker holds one, and one of its process. Before tasks count as begun their places are
/// promised, so that no two tickets count on the same.
/// </summary>
internal sealed class HandlerPlaces(ProcessPlaces process, string queueName, int most)
{
    private int taken;
    private int promised;
    private int allWereTaken;
    private bool wereFree;

    /// <summary>How many handlers of the ticket could begin now.</summary>
    internal int Free => Math.Max(0, Math.Min(most - Volatile.Read(ref taken), process.FreeFor(queueName)));

    /// <summary>Other tickets of the process wait for a place.</summary>
    internal bool AreWanted => process.AreWanted;

    /// <summary>Since the look before the last some were free all the time; before there was a look, it is not known to be so.</summary>
    internal bool WereFree => wereFree && Volatile.Read(ref allWereTaken) == 0;

    internal void Look() => wereFree = Interlocked.Exchange(ref allWereTaken, 0) == 0;

    /// <summary>Holds up to so many places until workers take them.</summary>
    /// <returns>How many.</returns>
    internal int Promise(int most)
    {
        var count = 0;
        while (count < most && TryTakeFree())
        {
            Interlocked.Increment(ref promised);
            count++;
        }

        return count;
    }

    /// <summary>Some are held for workers to come.</summary>
    internal bool HasPromises => Volatile.Read(ref promised) > 0;

    /// <summary>Of what was promised no more than this is needed.</summary>
    internal void KeepPromises(int most)
    {
        while (TryUsePromise(most))
        {
            Leave();
        }
    }

    /// <summary>Takes one that was promised, or else one that is free.</summary>
    internal bool TryTake() => TryUsePromise(0) || TryTakeFree();

    private bool TryUsePromise(int most)
    {
        for (var now = Volatile.Read(ref promised); now > most; now = Volatile.Read(ref promised))
        {
            if (Interlocked.CompareExchange(ref promised, now - 1, now) == now)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>In one step, for several threads start workers at the same time.</summary>
    private bool TryTakeFree()
    {
        for (var now = Volatile.Read(ref taken); now < most; now = Volatile.Read(ref taken))
        {
            if (Interlocked.CompareExchange(ref taken, now + 1, now) == now)
            {
                if (process.TryTake(queueName))
                {
                    if (now + 1 == most)
                    {
                        Volatile.Write(ref allWereTaken, 1);
                    }

                    return true;
                }

                Interlocked.Decrement(ref taken);
                Volatile.Write(ref allWereTaken, 1);
                return false;
            }
        }

        return false;
    }

    internal void Leave()
    {
        LeaveAllButThread();
        LeaveThread();
    }

    /// <summary>The ticket can end; the place in the process is kept.</summary>
    internal void LeaveAllButThread() => Interlocked.Decrement(ref taken);

    internal void LeaveThread() => process.Leave(queueName);

    /// <summary>Calls once when the process has a place; the answer says whether it was taken.</summary>
    internal void WhenFree(Func<bool> start) => process.WhenFree(start);
}
