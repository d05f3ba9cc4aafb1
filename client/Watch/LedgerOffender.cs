namespace Millrace.Client;

/// <summary>A task, ticket or queue that breaks a rule.</summary>
public sealed record LedgerOffender
{
    public string Rule { get; init => field = value ?? string.Empty; } = string.Empty;

    public string Id { get; init => field = value ?? string.Empty; } = string.Empty;

    public string Sentence { get; init => field = value ?? string.Empty; } = string.Empty;
}
