namespace Millrace.Client;

/// <summary>What a bulk action would do.</summary>
public sealed record BulkCount
{
    /// <summary>One of <see cref="BulkActionKind"/>.</summary>
    public string Action { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>How many tasks match; so far, when the count is not <see cref="Complete"/>.</summary>
    public long Matched { get; init; }

    /// <summary>They were counted to the end.</summary>
    public bool Complete { get; init; }

    /// <summary>The newest of them.</summary>
    public IReadOnlyList<Guid> Sample { get; init => field = value ?? []; } = [];

    /// <summary>What to confirm it with, where it has to be confirmed.</summary>
    public long? Confirm { get; init; }
}
