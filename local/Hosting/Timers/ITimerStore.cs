namespace Millrace.Local.Hosting.Timers;

/// <summary>Where timers keep their status and the lock that makes each run on one host only: blobs, or memory in tests.</summary>
internal interface ITimerStore
{
    Task<TimerStatus?> ReadAsync(string function, CancellationToken cancellation);

    Task WriteAsync(string function, TimerStatus status, CancellationToken cancellation);

    /// <summary>Null: another host holds it.</summary>
    Task<ITimerLock?> TryLockAsync(string function, TimeSpan lease, CancellationToken cancellation);
}
