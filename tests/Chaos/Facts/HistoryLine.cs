namespace Millrace.Tests.Chaos.Facts;

/// <summary>An attempt that did not succeed, from a row's history.</summary>
internal sealed record HistoryLine(int Attempt, string Outcome, Guid? ExecutorId);
