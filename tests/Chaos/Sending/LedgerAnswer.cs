namespace Millrace.Tests.Chaos.Sending;

/// <summary>What <c>/api/v1/verify</c> says.</summary>
internal sealed record LedgerAnswer(bool Clean, IReadOnlyList<string> Faults, IReadOnlyList<OffenderAnswer> Offenders);
