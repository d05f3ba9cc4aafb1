namespace Millrace.Execute;

/// <summary>What has ended and waits to be written, and the signal that something does.</summary>
internal sealed class EndedAttempts
{
    /// <summary>What is written at once, so that no statement outgrows what PostgreSQL takes.</summary>
    private const int MostAtOnce = 2_000;
    private const int MostBytesAtOnce = 32 * 1_048_576;

    private readonly Lock gate = new();
    private List<EndedAttempt> waiting = [];

    internal Signal Signal { get; } = new();

    internal void Add(EndedAttempt attempt)
    {
        lock (gate)
        {
            waiting.Add(attempt);
        }

        Signal.Set();
    }

    /// <summary>What has ended since the last call, or as much of it as can be written at once; the rest is signalled anew.</summary>
    internal List<EndedAttempt> Take()
    {
        lock (gate)
        {
            var batch = waiting;
            var (count, bytes) = (0, 0L);
            while (count < batch.Count && count < MostAtOnce && (count == 0 || bytes + batch[count].ResultBytes <= MostBytesAtOnce))
            {
                bytes += batch[count++].ResultBytes;
            }

            waiting = batch[count..];
            batch.RemoveRange(count, batch.Count - count);
            if (waiting.Count > 0)
            {
                Signal.Set();
            }

            return batch;
        }
    }
}
