namespace Millrace.Local.Hosting.Timers;

/// <summary>The right to fire one timer, for one lease.</summary>
internal interface ITimerLock
{
    /// <summary>False: someone else has it. Throws when the store cannot be reached.</summary>
    Task<bool> TryRenewAsync(CancellationToken cancellation);

    Task ReleaseAsync(CancellationToken cancellation);
}
