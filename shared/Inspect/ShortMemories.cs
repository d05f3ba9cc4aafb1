namespace Millrace.Inspect;

/// <summary>A <see cref="ShortMemory{T}"/> for each of a bounded number of questions; all are forgotten when there is one too many.</summary>
internal sealed class ShortMemories<TKey, T>(TimeProvider clock, TimeSpan kept, int most, Func<TKey, CancellationToken, Task<T>> read) : IDisposable
    where TKey : notnull
    where T : class
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, ShortMemory<T>> memories = [];

    internal int Count
    {
        get
        {
            lock (gate)
            {
                return memories.Count;
            }
        }
    }

    internal Task<T> GetAsync(TKey key, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (!memories.TryGetValue(key, out var memory))
            {
                if (memories.Count >= most)
                {
                    // Not disposed: somebody may be reading through one. It holds nothing but memory.
                    memories.Clear();
                }

                memories[key] = memory = new(clock, kept, c => read(key, c));
            }

            return memory.GetAsync(cancellation);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var memory in memories.Values)
            {
                memory.Dispose();
            }

            memories.Clear();
        }
    }
}
