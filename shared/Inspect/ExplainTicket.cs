using System.Globalization;
using Millrace.Api.Views;
using Millrace.Lifecycle;
using Millrace.Store.Rows;

namespace Millrace.Inspect;

/// <summary>Says what a task in a ticket waits for, or who runs it. Pure.</summary>
internal sealed class ExplainTicket(ExplainFacts facts)
{
    private readonly StoredTask task = facts.Task;
    private readonly List<ReasonView> reasons = [];

    internal IReadOnlyList<ReasonView> Reasons()
    {
        if (facts.TicketCreatedAt is not { } written)
        {
            reasons.Add(new("no_ticket", "Its ticket is gone; the healer's next pass lets it wait again.") { TicketId = task.TicketId });
        }
        else if (task.State == TaskState.Dispatched)
        {
            WaitsForAWorker(written);
        }
        else
        {
            WithAWorker();
        }

        if (task.CancelRequested)
        {
            reasons.Add(new("cancel_requested", "Its end was asked for; it is cancelled unless its work succeeds first."));
        }

        return reasons;
    }

    private void WaitsForAWorker(DateTime written)
    {
        if (facts.Executors == 0)
        {
            reasons.Add(new("no_workers", "No worker is alive to take its ticket. Start one; GET /workers lists those that were."));
        }

        var waited = ExplainRules.Seconds(facts.Now - written);
        var before = facts.TicketsBefore == 0 ? "none" : facts.TicketsBefore.ToString(CultureInfo.InvariantCulture);
        reasons.Add(new("ticket_waits", $"Its ticket has waited for a worker for {ExplainRules.Span(waited)}; {before} waits before it.")
        {
            TicketId = task.TicketId,
            TicketsBefore = facts.TicketsBefore,
            At = written,
            Seconds = waited,
            LeaseUntil = facts.LeaseUntil,
        });
        if (facts.Executors > 0 && facts.Load >= facts.Capacity)
        {
            var sentence = string.Create(CultureInfo.InvariantCulture, $"The {facts.Executors} workers run {facts.Load} tasks, as many as they may.");
            reasons.Add(new("workers_busy", sentence) { Workers = facts.Executors, Capacity = facts.Capacity, Load = facts.Load });
        }

        if (facts.LeaseUntil <= facts.Now)
        {
            reasons.Add(new("lease_ended", "Nobody took the ticket in time; the healer's next pass lets its tasks wait again.") { LeaseUntil = facts.LeaseUntil });
        }
    }

    private void WithAWorker()
    {
        if (facts.LeaseUntil <= facts.Now)
        {
            var sentence = "Its worker has not renewed the lease in time: it is taken to be dead, and the healer's next pass ends the attempt.";
            reasons.Add(With("lease_ended", sentence));
        }

        var place = facts.Place ?? 0;
        if (place > facts.BegunThrough)
        {
            var sentence = string.Create(CultureInfo.InvariantCulture, $"A worker has its ticket, but has not come to it: it is number {place} there, and {facts.BegunThrough} have been begun.");
            reasons.Add(With("not_begun", sentence) with { TasksBefore = place - 1 });
            return;
        }

        var since = task.StartedAt ?? facts.Now;
        var ran = ExplainRules.Seconds(facts.Now - since);
        if (ran > task.TimeoutSeconds)
        {
            var sentence = $"It is beyond its time-out of {ExplainRules.Span(task.TimeoutSeconds)}: its worker ends the attempt if it runs, or it began later than its ticket.";
            reasons.Add(With("beyond_timeout", sentence) with { At = since, Seconds = ran, TimeoutSeconds = task.TimeoutSeconds });
        }

        var attempt = (task.Attempts + 1, task.Retries.MaxRetries + 1);
        reasons.Add(With("running", $"A worker has had it for {ExplainRules.Span(ran)}: attempt {attempt.Item1} of {attempt.Item2}.") with
        {
            At = since,
            Seconds = ran,
            Attempt = attempt.Item1,
            Attempts = attempt.Item2,
            TimeoutSeconds = task.TimeoutSeconds,
        });
    }

    private ReasonView With(string code, string sentence) => new(code, sentence)
    {
        Worker = task.ExecutorId,
        WorkerHost = facts.ExecutorHost,
        TicketId = task.TicketId,
        LeaseUntil = facts.LeaseUntil,
    };
}
