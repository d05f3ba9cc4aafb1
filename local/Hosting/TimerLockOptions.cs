namespace Millrace.Local.Hosting;

/// <summary>How hosts that share a storage account agree on who fires a timer. The defaults are the real host's.</summary>
public sealed record TimerLockOptions
{
    /// <summary>For hosts that are killed and started again: their timers wait 18 seconds at most, not two minutes. Blobs allow no shorter lease.</summary>
    public static TimerLockOptions Quick { get; } =
        new() { Lease = TimeSpan.FromSeconds(15), Renew = TimeSpan.FromSeconds(5), Retry = TimeSpan.FromSeconds(3) };

    /// <summary>15 to 60 seconds, a rule of blob leases.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Renew { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(60);
}
