using Millrace.Api.Views;
using Millrace.Store.Rows;

namespace Millrace.Inspect;

/// <summary>Compares what was counted with what is there. Pure; each difference is a sentence.</summary>
internal static class LedgerRules
{
    internal static LedgerView Judge(Ledger ledger)
    {
        List<string> faults = [];
        List<LedgerQueueView> queues = [];
        foreach (var line in ledger.Lines)
        {
            var before = faults.Count;
            Compare(faults, line.QueueName, "live", line.ExpectedLive, line.LiveRows);
            Compare(faults, line.QueueName, "finished", line.ExpectedFinished, line.FinishedRows);
            Compare(faults, line.QueueName, "dead", line.ExpectedDead, line.DeadRows);
            queues.Add(LedgerQueueView.From(line, faults.Count == before));
        }

        faults.AddRange(ledger.Offenders.GroupBy(static o => o.Rule).Select(
            static g => $"Rule {g.Key} is broken {g.Count()} times; offenders names where."));
        List<OffenderView> offenders = [.. ledger.Offenders.Select(static o => new OffenderView(o.Rule, o.Id, o.Sentence))];
        return new(faults.Count == 0, ledger.At, faults, offenders, queues);
    }

    private static void Compare(List<string> faults, string queue, string place, long counted, long there)
    {
        if (counted != there)
        {
            faults.Add($"Queue {queue}: the counters say {counted} {place} tasks, the tables hold {there}.");
        }
    }
}
