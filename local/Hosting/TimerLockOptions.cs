namespace Millrace.Local.Hosting;

/// <summary>How hosts that share a storage account agree on who fires a timer. The defaults are the real host's.</summary>
public sealed record TimerLockOptions
{
    /// <summary>15 to 60 seconds, a rule of blob leases.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Renew { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(60);
}
