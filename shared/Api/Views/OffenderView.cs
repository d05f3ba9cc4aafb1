namespace Millrace.Api.Views;

/// <summary>A task, ticket or queue that breaks a rule.</summary>
internal sealed record OffenderView(string Rule, string Id, string Sentence);
