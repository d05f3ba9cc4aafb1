using Millrace.Tests.Chaos.Facts;

namespace Millrace.Tests.Chaos.Judging;

/// <summary>
/// Judges a try by what was answered, seen and written. Pure: the same evidence has the same verdict, and every rule is shown to fail
/// in tests/ChaosProgram.
/// </summary>
internal static class Judge
{
    internal static Verdict Decide(Evidence evidence)
    {
        var fresh = FreshRules.Judge(evidence);
        var old = ResumeRules.Judge(evidence);
        var stops = StopRules.Judge(evidence);
        return new(
            [
                .. RowRules.Lost(evidence),
                .. RowRules.Doubled(evidence),
                .. RowRules.Unearned(evidence),
                .. RowRules.Undrained(evidence),
                .. BeginRules.Late(evidence),
                .. BeginRules.LateInPausedQueue(evidence),
                .. BeginRules.Twice(evidence),
                .. ChargeRules.Charged(evidence),
                .. ChargeRules.TakenBack(evidence),
                .. ChargeRules.ChargedOften(evidence),
                .. ChargeRules.Attempts(evidence),
                .. ChargeRules.DiedWrongly(evidence),
                .. evidence.LedgerFaults.Select(static fault => new Violation(Rule.Ledger, fault)),
                .. evidence.Ended.Where(static end => end.How == EndKind.ByItself).Select(static end => new Violation(
                    Rule.Host, $"Executor {end.ProcessId} ended by itself with exit code {end.ExitCode}.")),
                .. evidence.Ended.Where(static end => end is { How: EndKind.Stopped, AskedAt: not null, ExitCode: not 0 }).Select(static end => new Violation(
                    Rule.Host, $"Executor {end.ProcessId} was asked to stop and ended with exit code {end.ExitCode}.")),
                .. fresh.Violations,
                .. old.Violations,
                .. stops.Violations,
            ],
            fresh.WorstSeconds,
            old.WorstSeconds,
            stops.WorstSeconds,
            ChargeRules.AboutToBegin(evidence));
    }
}
