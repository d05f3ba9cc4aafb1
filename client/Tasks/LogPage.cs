namespace Millrace.Client;

/// <summary>Some of a task's log lines, in the order they were written in.</summary>
internal sealed record LogPage
{
    public IReadOnlyList<LogLine> Lines { get; init => field = value ?? []; } = [];

    public int Count { get; init; }

    public int Limit { get; init; }

    public string? NextCursor { get; init; }
}
