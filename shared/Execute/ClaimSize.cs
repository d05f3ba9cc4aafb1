namespace Millrace.Execute;

/// <summary>
/// How many tasks to take at once: what this executor begins in about a second. Doubles while they are gone in half a
/// second, halves when they take more than two, so short tasks come in hundreds and long ones singly.
/// </summary>
internal sealed class ClaimSize(ExecuteOptions options, TimeProvider clock)
{
    /// <summary>What is taken of tasks that are not known to be short: no more than can begin.</summary>
    private readonly int first = Math.Min(options.TicketConcurrency, options.ClaimSize);

    private int size = Math.Min(options.TicketConcurrency, options.ClaimSize);
    private int asked;
    private long takenAt;

    /// <summary>Called when there is room again.</summary>
    /// <param name="free">How many handlers could begin now.</param>
    internal int Next(int free)
    {
        if (takenAt != 0)
        {
            var seconds = clock.GetElapsedTime(takenAt).TotalSeconds;
            size = seconds < 0.5 ? Math.Min(size * 2, options.ClaimSize) : seconds > 2 ? Math.Max(size / 2, 1) : size;
            takenAt = 0;
        }

        asked = size > first ? size : Math.Clamp(free, 1, size);
        return asked;
    }

    /// <summary>A claim brought tasks. One that was not filled says nothing about speed.</summary>
    internal void Took(int count) => takenAt = count >= asked ? clock.GetTimestamp() : 0;
}
