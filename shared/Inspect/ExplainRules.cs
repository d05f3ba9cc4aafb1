using System.Globalization;
using Millrace.Api.Views;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Inspect;

/// <summary>Says why a task is not running, from facts of one moment. Pure. What blocks first comes first, and nothing found is a reason, too.</summary>
/// <param name="facts">The task and its surroundings.</param>
/// <param name="timerSilent">A dispatcher's timer that has been silent for longer does not run.</param>
/// <param name="mostTickets">How many tickets of a queue may wait for an executor, by the mean run time of its tasks in milliseconds.</param>
internal sealed class ExplainRules(ExplainFacts facts, TimeSpan timerSilent, Func<double?, int> mostTickets)
{
    private readonly StoredTask task = facts.Task;
    private readonly List<ReasonView> reasons = [];

    internal ExplainView Explain()
    {
        switch (task.State)
        {
            case TaskState.Succeeded or TaskState.Cancelled or TaskState.Expired or TaskState.Failed:
                reasons.Add(ExplainEnd.Of(task, facts.Now));
                break;
            case TaskState.Dispatched or TaskState.Running:
                reasons.AddRange(new ExplainTicket(facts).Reasons());
                break;
            case TaskState.Blocked:
                Add(new("blocked", "It waits for other tasks to end."));
                break;
            case TaskState.Pending or TaskState.Scheduled or TaskState.Retrying:
                Waits();
                break;
        }

        return new(task.Id.Value, task.State.Word(), task.QueueName, reasons) { EstimatedStart = EstimatedStart };
    }

    private bool IsWaiting => task.State is TaskState.Pending or TaskState.Scheduled or TaskState.Retrying;

    private bool IsExpired => task.ExpiresAt <= facts.Now;

    private bool IsCountedToTheEnd => facts.TasksBefore <= ExplainFacts.MostCounted;

    private double? PerSecond => facts.Ended == 0 ? null : facts.Ended / Math.Max(facts.EndedInSeconds, 1);

    /// <summary>Without a pause or a fault: when it is due, and those before it have been begun.</summary>
    private DateTime? Start
    {
        get
        {
            var due = task.DueAt > facts.Now ? task.DueAt : facts.Now;
            if (facts.TasksBefore == 0)
            {
                return due;
            }

            var served = PerSecond is { } rate && IsCountedToTheEnd ? facts.Now.AddSeconds(facts.TasksBefore / rate) : (DateTime?)null;
            return served is null ? null : served > due ? served : due;
        }
    }

    private DateTime? EstimatedStart =>
        IsWaiting && !IsExpired && !facts.QueuePaused && facts.Executors > 0 && facts.TicketAhead is null && !(Start >= task.ExpiresAt) ? Start : null;

    private void Waits()
    {
        if (IsExpired)
        {
            Add(new("expired", "Its expires_at has passed, so nobody starts it any more; the healer's next pass ends it as expired.") { At = task.ExpiresAt });
            return;
        }

        NotYetDue();
        if (facts.QueuePaused)
        {
            Add(new("queue_paused", $"Queue {task.QueueName} is paused. POST /api/v1/queues/{task.QueueName}/resume lets it go on."));
        }

        TravelsAlone();
        NobodyToRunIt();
        Behind();
        ExpiresFirst();
        if (reasons.Count == 0)
        {
            Add(new("next", "Nothing holds it: it is the next of its queue, and on its way into a ticket."));
        }
    }

    private void NotYetDue()
    {
        var seconds = Seconds(task.DueAt - facts.Now);
        if (task.State == TaskState.Scheduled)
        {
            Add(new("scheduled", $"It is due at {Moment(task.DueAt)}, in {Span(seconds)}.") { At = task.DueAt, Seconds = seconds });
        }
        else if (task.State == TaskState.Retrying)
        {
            var failure = task.History.Count > 0 ? task.History[^1] : null;
            var (next, of) = (task.Attempts + 1, task.Retries.MaxRetries + 1);
            var after = failure?.ErrorType is { } type ? $" after {type}: {failure.ErrorMessage}" : string.Empty;
            Add(new("retrying", $"Attempt {next} of {of} is due at {Moment(task.DueAt)}, in {Span(seconds)},{after}".TrimEnd(',') + ".")
            {
                At = task.DueAt,
                Seconds = seconds,
                Attempt = next,
                Attempts = of,
                ErrorType = failure?.ErrorType,
                ErrorMessage = failure?.ErrorMessage,
            });
        }
    }

    private void TravelsAlone()
    {
        if (facts.TicketAhead is { } ahead)
        {
            const string Why = "An attempt of it ended with its worker, so it travels alone; another such task of its queue does so now and must end, or run for 30 s, first.";
            Add(new("behind_crashed", Why) { TicketId = ahead });
        }
    }

    private void NobodyToRunIt()
    {
        if (facts.Executors == 0)
        {
            Add(new("no_workers", "No worker is alive. Start one; GET /workers lists those that were."));
        }

        if (!facts.ExecutorIsHungry && !(facts.DispatchSeconds <= timerSilent.TotalSeconds))
        {
            var last = facts.DispatchSeconds is { } silent ? $"last ran {Span(silent)} ago" : "has never run";
            Add(new("no_dispatcher", $"The dispatcher's timer {last}. Start the app that has it.") { Seconds = facts.DispatchSeconds });
        }

        if (task.Crashes < CrashRules.SuspectFrom && facts.QueuedTickets >= mostTickets(facts.MeanRunMs))
        {
            var sentence = string.Create(
                CultureInfo.InvariantCulture, $"{facts.QueuedTickets} tickets of its queue wait for a worker already; the next is written when one of them is begun.");
            Add(new("tickets_full", sentence) { TicketsBefore = facts.QueuedTickets });
        }

        if (facts.Executors > 0 && facts.Load >= facts.Capacity)
        {
            var sentence = string.Create(CultureInfo.InvariantCulture, $"The {facts.Executors} workers run {facts.Load} tasks, as many as they may. Start another, or raise WORKER_CONCURRENCY.");
            Add(new("workers_busy", sentence) { Workers = facts.Executors, Capacity = facts.Capacity, Load = facts.Load });
        }
    }

    private void Behind()
    {
        if (facts.TasksBefore == 0)
        {
            return;
        }

        var count = IsCountedToTheEnd ? facts.TasksBefore.ToString("N0", CultureInfo.InvariantCulture) : "More than 10,000";
        var rate = PerSecond is { } perSecond
            ? string.Create(CultureInfo.InvariantCulture, $"its queue has done {perSecond:0.##} a second of late")
            : "none of its queue has ended within the last five minutes";
        Add(new("behind_others", $"{count} tasks of its queue with a higher priority or an earlier due time come first; {rate}.")
        {
            TasksBefore = Math.Min(facts.TasksBefore, ExplainFacts.MostCounted),
            PerSecond = PerSecond is { } shown ? Math.Round(shown, 3) : null,
        });
    }

    private void ExpiresFirst()
    {
        if (task.ExpiresAt is { } end && Start >= end)
        {
            Add(new("expires_before", $"It expires at {Moment(end)}, before it is likely to begin, and will then end as expired.") { At = end, Seconds = Seconds(end - facts.Now) });
        }
    }

    private void Add(ReasonView reason) => reasons.Add(reason);

    internal static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 3);

    internal static string Span(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s");

    internal static string Moment(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
