namespace Millrace.Api.Views;

/// <summary>
/// A bulk action. <c>status</c> is waiting, running, done, stopped_by_canary, aborted or failed. <c>matched</c> tasks were found so far,
/// <c>changed</c> of them something was done to.
/// </summary>
internal sealed record BulkActionView
{
    public required Guid Id { get; init; }

    public required string Action { get; init; }

    public required string Status { get; init; }

    public required long Matched { get; init; }

    public required long Changed { get; init; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? FinishedAt { get; init; }

    /// <summary>Tasks that are tried first.</summary>
    public IReadOnlyList<Guid>? Canaries { get; init; }

    public string? ErrorMessage { get; init; }
}
