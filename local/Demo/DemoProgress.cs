namespace Millrace.Local.Demo;

/// <summary>The queue's counters at one moment, since the beginning.</summary>
internal readonly record struct DemoProgress(long Accepted, long Succeeded, long Failed, long OtherwiseEnded, long Retried)
{
    internal long Ended => Succeeded + Failed + OtherwiseEnded;

    public static DemoProgress operator -(DemoProgress left, DemoProgress right) => new(
        left.Accepted - right.Accepted,
        left.Succeeded - right.Succeeded,
        left.Failed - right.Failed,
        left.OtherwiseEnded - right.OtherwiseEnded,
        left.Retried - right.Retried);
}
