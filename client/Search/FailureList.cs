namespace Millrace.Client;

/// <summary>Kinds of failure.</summary>
internal sealed record FailureList
{
    public IReadOnlyList<FailureGroup> Failures { get; init; } = [];

    public string? NextCursor { get; init; }
}
