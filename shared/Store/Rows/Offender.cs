namespace Millrace.Store.Rows;

/// <summary>Something that breaks an invariant: the rule's short name, the task or ticket, and a sentence.</summary>
internal sealed record Offender(string Rule, string Id, string Sentence);
