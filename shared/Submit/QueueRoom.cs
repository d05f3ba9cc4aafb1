using System.Collections.Frozen;
using Millrace.Store;

namespace Millrace.Submit;

/// <summary>
/// Back-pressure: whether a queue has room for more. Depths are up to a second old, and what this process has accepted since is
/// added; so several processes together may go beyond a limit by what they accept in a second.
/// </summary>
internal sealed class QueueRoom(TaskStore store, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turn = new(1);
    private FrozenDictionary<string, Room> rooms = FrozenDictionary<string, Room>.Empty;
    private long? readAt;

    /// <summary>Reads the depths again when they are old. Call it before <see cref="TryTake"/>.</summary>
    internal async ValueTask RefreshAsync(CancellationToken cancellation)
    {
        if (IsFresh)
        {
            return;
        }

        await turn.WaitAsync(cancellation);
        try
        {
            if (!IsFresh)
            {
                var at = clock.GetTimestamp();
                rooms = (await store.BoundedQueuesAsync(cancellation)).ToFrozenDictionary(
                    static queue => queue.Name, static queue => new Room(queue.Depth, queue.MaxDepth), StringComparer.Ordinal);
                readAt = at;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Takes a place for a task; false when the queue is full.</summary>
    internal bool TryTake(string queueName) => !rooms.TryGetValue(queueName, out var room) || room.TryTake();

    /// <summary>Gives a place back that was taken for nothing.</summary>
    internal void Return(string queueName)
    {
        if (rooms.TryGetValue(queueName, out var room))
        {
            room.Return();
        }
    }

    /// <summary>How many tasks may wait in the queue; null when any number may.</summary>
    internal int? MaxDepth(string queueName) => rooms.TryGetValue(queueName, out var room) ? room.MaxDepth : null;

    public void Dispose() => turn.Dispose();

    private bool IsFresh => readAt is { } at && clock.GetElapsedTime(at) < Kept;

    private sealed class Room(long depth, int maxDepth)
    {
        private long taken = depth;

        internal int MaxDepth => maxDepth;

        internal bool TryTake()
        {
            if (Interlocked.Increment(ref taken) <= maxDepth)
            {
                return true;
            }

            Return();
            return false;
        }

        internal void Return() => Interlocked.Decrement(ref taken);
    }
}
