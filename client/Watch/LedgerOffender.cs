namespace Millrace.Client;

/// <summary>A task, ticket or queue that breaks a rule.</summary>
public sealed record LedgerOffender
{
    public string Rule { get; init; } = string.Empty;

    public string Id { get; init; } = string.Empty;

    public string Sentence { get; init; } = string.Empty;
}
