using System.ComponentModel.DataAnnotations;

namespace Millrace.Heal;

/// <summary>How broken work is found, and how long history is kept. Section <c>Millrace:Heal</c>.</summary>
internal sealed class HealOptions
{
    /// <summary>How long executors have after a restart of PostgreSQL to renew their leases, in seconds.</summary>
    [Range(0, 600)]
    public double RestartGraceSeconds { get; set; } = 10;

    /// <summary>
    /// An executor that has spoken within so many seconds, and has not renewed a ticket, has as long once more: somebody may have locked the ticket. Longer than a
    /// heartbeat.
    /// </summary>
    [Range(0, 60)]
    public double LastChanceSeconds { get; set; } = 4;

    /// <summary>How long a healer holds a ticket that it has taken over, in seconds. If it dies with it, the ticket waits so long for the next.</summary>
    [Range(1, 600)]
    public double LeaseSeconds { get; set; } = 8;

    /// <summary>Days for which finished tasks and logs are kept.</summary>
    [Range(1, 3_650)]
    public int KeepDays { get; set; } = 30;

    /// <summary>Hours after the acceptance for which an idempotency key is known; longer, while its task is live.</summary>
    [Range(1, 87_600)]
    public int KeepKeysHours { get; set; } = 168;
}
