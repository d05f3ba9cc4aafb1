using System.Collections.Concurrent;
using System.Threading.Channels;
using Millrace.Local.Hosting.Timers;

namespace Millrace.Tests.Local.Hosting;

/// <summary>Statuses and locks in memory; hosts that share one instance share their timers. It can be made to fail.</summary>
internal sealed class MemoryTimerStore : ITimerStore
{
    private readonly ConcurrentDictionary<string, TimerStatus> statuses = [];
    private readonly ConcurrentDictionary<string, object> holders = [];

    private readonly Channel<string> refusals = Channel.CreateUnbounded<string>();

    public bool IsDown { get; set; }

    public void Remember(string function, TimerStatus status) => statuses[function] = status;

    public TimerStatus? StatusOf(string function) => statuses.GetValueOrDefault(function);

    /// <summary>As if the lease had run out and another host had taken it.</summary>
    public void Steal(string function) => holders[function] = new object();

    public void Free(string function) => holders.TryRemove(function, out _);

    /// <summary>Returns once somebody has asked for a lock that another holds.</summary>
    public Task<string> RefusedAsync() => refusals.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

    public Task<TimerStatus?> ReadAsync(string function, CancellationToken cancellation)
    {
        ThrowIfDown();
        return Task.FromResult(StatusOf(function));
    }

    public Task WriteAsync(string function, TimerStatus status, CancellationToken cancellation)
    {
        ThrowIfDown();
        statuses[function] = status;
        return Task.CompletedTask;
    }

    public Task<ITimerLock?> TryLockAsync(string function, TimeSpan lease, CancellationToken cancellation)
    {
        ThrowIfDown();
        var held = new Lock(this, function);
        if (holders.TryAdd(function, held))
        {
            return Task.FromResult<ITimerLock?>(held);
        }

        refusals.Writer.TryWrite(function);
        return Task.FromResult<ITimerLock?>(null);
    }

    private void ThrowIfDown()
    {
        if (IsDown)
        {
            throw new IOException("The store is down on purpose.");
        }
    }

    private sealed class Lock(MemoryTimerStore store, string function) : ITimerLock
    {
        public Task<bool> TryRenewAsync(CancellationToken cancellation)
        {
            store.ThrowIfDown();
            return Task.FromResult(store.holders.TryGetValue(function, out var holder) && ReferenceEquals(holder, this));
        }

        public Task ReleaseAsync(CancellationToken cancellation)
        {
            store.holders.TryRemove(KeyValuePair.Create<string, object>(function, this));
            return Task.CompletedTask;
        }
    }
}
