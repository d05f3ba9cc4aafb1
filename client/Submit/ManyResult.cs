namespace Millrace.Client;

/// <summary>What became of tasks that were sent together. Duplicates were accepted before, under the same key or external id.</summary>
public sealed record ManyResult
{
    public int Accepted { get; init; }

    public int Duplicates { get; init; }

    public int Refused { get; init; }

    /// <summary>How many faults are not told; null when all are.</summary>
    public string? More { get; init; }

    /// <summary>In the order they were sent in. Refused ones of which no fault is told are not among them.</summary>
    public IReadOnlyList<ManyItem> Items { get; init => field = value ?? []; } = [];
}
