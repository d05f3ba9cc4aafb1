namespace Millrace.Client;

/// <summary>A task of a stream that was not accepted, counted from 1, and why, by field.</summary>
public sealed record RefusedLine
{
    public long Line { get; init; }

    public IReadOnlyDictionary<string, string[]> Errors { get; init => field = value ?? new Dictionary<string, string[]>(); } = new Dictionary<string, string[]>();
}
