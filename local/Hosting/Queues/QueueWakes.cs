using System.Collections.Concurrent;

namespace Millrace.Local.Hosting.Queues;

/// <summary>Tells a queue's listener in this host that a message was sent through this host.</summary>
internal sealed class QueueWakes
{
    private readonly ConcurrentDictionary<(string Connection, string Queue), TaskCompletionSource> waiting = [];

    /// <summary>Completes at the next <see cref="Notify"/>. Take it before polling, so that no wake is missed.</summary>
    public Task Next(string connectionString, string queue) =>
        waiting.GetOrAdd((connectionString, queue), static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Notify(string connectionString, string queue)
    {
        if (waiting.TryRemove((connectionString, queue), out var source))
        {
            source.TrySetResult();
        }
    }
}
