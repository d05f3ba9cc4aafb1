namespace Millrace.Tests.Chaos.Sending;

/// <summary>One thing that breaks a rule of the ledger.</summary>
internal sealed record OffenderAnswer(string Rule, string Id, string Sentence);
