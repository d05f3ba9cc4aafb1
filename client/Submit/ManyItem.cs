namespace Millrace.Client;

/// <summary>
/// What became of one task among many: 202 accepted, 200 known before, 400 not acceptable, 409 the key belongs to another, 429 the
/// queue is full.
/// </summary>
public sealed record ManyItem
{
    public int Index { get; init; }

    public int Status { get; init; }

    /// <summary>The task; of 409 the one that has the key.</summary>
    public Guid? Id { get; init; }

    /// <summary>Why it was refused, by field.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
