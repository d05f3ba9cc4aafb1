using System.Collections.Concurrent;

namespace Millrace.Store;

/// <summary>The turns of all queues, in this process.</summary>
internal sealed class ClaimTurns
{
    private readonly ConcurrentDictionary<string, ClaimTurn> queues = new(StringComparer.Ordinal);

    internal ClaimTurn Of(string queueName) => queues.GetOrAdd(queueName, static _ => new ClaimTurn());
}
