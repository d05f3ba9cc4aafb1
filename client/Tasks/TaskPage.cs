namespace Millrace.Client;

/// <summary>Some of many tasks, newest first.</summary>
public sealed record TaskPage
{
    public IReadOnlyList<TaskInfo> Tasks { get; init => field = value ?? []; } = [];

    public int Count { get; init; }

    public int Limit { get; init; }

    /// <summary>Leads to the next page; null on the last one.</summary>
    public string? NextCursor { get; init; }

    /// <summary>How many match in all, where a count is cheap: of dead letters.</summary>
    public long? Total { get; init; }
}
