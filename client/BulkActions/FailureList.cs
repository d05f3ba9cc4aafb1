namespace Millrace.Client;

/// <summary>Kinds of failure.</summary>
internal sealed record FailureList
{
    public IReadOnlyList<FailureGroup> Failures { get; init => field = value ?? []; } = [];

    public int Count { get; init; }
}
