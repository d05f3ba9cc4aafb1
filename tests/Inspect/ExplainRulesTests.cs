using Millrace.Api.Views;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Tests.Inspect;

public sealed class ExplainRulesTests
{
    private static readonly DateTime Now = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private static readonly StoredTask Task = new()
    {
        Id = new TaskId(Guid.CreateVersion7()),
        Type = "t",
        QueueName = "q",
        State = TaskState.Pending,
        Priority = 5,
        Data = null,
        Result = null,
        Context = null,
        Progress = null,
        Tags = null,
        CreatedAt = Now.AddMinutes(-1),
        DueAt = Now.AddMinutes(-1),
        ExpiresAt = null,
        StartedAt = null,
        FinishedAt = null,
        History = [],
        Attempts = 0,
        Crashes = 0,
        Replays = 0,
        Retries = new RetryPolicy(3, 5, 2, 3_600),
        TimeoutSeconds = 60,
        ExecutorId = null,
        CancelRequested = false,
        TicketId = null,
        TraceParent = null,
        DeathReason = null,
        ExternalId = null,
        ResultTtlSeconds = null,
        ResultExpiresAt = null,
        Fingerprint = null,
        Version = "1",
        Omitted = [],
    };

    /// <summary>A pipeline that works, and has room.</summary>
    private static readonly ExplainFacts Well = new() { Task = Task, Now = Now, Executors = 2, Capacity = 64, Load = 3, DispatchSeconds = 1 };

    private static readonly AttemptEntry Broke = new() { Attempt = 1, Outcome = "failed", ErrorType = "broken", ErrorMessage = "It broke." };

    [Fact]
    public void A_task_that_nothing_holds_is_the_next_and_begins_now()
    {
        var view = Explain(Well);

        Assert.Equal(["next"], Codes(view));
        Assert.Equal(Now, view.EstimatedStart);
    }

    [Fact]
    public void What_blocks_first_comes_first()
    {
        var view = Explain(Well with
        {
            Task = Task with { State = TaskState.Retrying, DueAt = Now.AddSeconds(12), Attempts = 1, History = [Broke], ExpiresAt = Now.AddSeconds(20) },
            QueuePaused = true,
            Executors = 0,
            DispatchSeconds = 500,
            QueuedTickets = 16,
            TasksBefore = 100,
            Ended = 10,
            EndedInSeconds = 10,
        });

        Assert.Equal(["retrying", "queue_paused", "no_workers", "no_dispatcher", "tickets_full", "behind_others", "expires_before"], Codes(view));
        var retrying = view.Reasons[0];
        Assert.Equal((2, 4, 12.0, "broken"), (retrying.Attempt, retrying.Attempts, retrying.Seconds, retrying.ErrorType));
        Assert.Contains("Attempt 2 of 4 is due at 2026-01-01T12:00:12.000Z, in 12 s, after broken: It broke", retrying.Sentence, StringComparison.Ordinal);
        Assert.Null(view.EstimatedStart);
    }

    [Fact]
    public void The_start_is_told_from_the_position_and_the_rate()
    {
        var view = Explain(Well with { TasksBefore = 100, Ended = 600, EndedInSeconds = 120 });

        Assert.Equal(["behind_others"], Codes(view));
        Assert.Equal((100, 5.0), (view.Reasons[0].TasksBefore, view.Reasons[0].PerSecond));
        Assert.Equal(Now.AddSeconds(20), view.EstimatedStart);
    }

    [Fact]
    public void A_position_beyond_ten_thousand_is_not_counted_and_has_no_estimate()
    {
        var view = Explain(Well with { TasksBefore = 10_001, Ended = 600, EndedInSeconds = 120 });

        Assert.StartsWith("More than 10,000 tasks", view.Reasons[0].Sentence, StringComparison.Ordinal);
        Assert.Null(view.EstimatedStart);
        Assert.Null(Explain(Well with { TasksBefore = 5 }).EstimatedStart);
    }

    [Fact]
    public void A_scheduled_task_begins_when_it_is_due()
    {
        var due = Now.AddHours(1);
        var view = Explain(Well with { Task = Task with { State = TaskState.Scheduled, DueAt = due } });

        Assert.Equal(["scheduled"], Codes(view));
        Assert.Equal(due, view.EstimatedStart);
    }

    [Fact]
    public void Hungry_executors_need_no_dispatcher_and_full_ones_are_said() => Assert.Equal(
        ["workers_busy"], Codes(Explain(Well with { DispatchSeconds = null, ExecutorIsHungry = true, Load = 64 })));

    [Fact]
    public void A_task_that_crashed_waits_for_the_one_that_travels_alone_before_it()
    {
        var view = Explain(Well with { Task = Task with { Crashes = CrashRules.SuspectFrom, Attempts = 1 }, TicketAhead = 7, QueuedTickets = 16 });

        Assert.Equal(["behind_crashed"], Codes(view));
        Assert.Equal(7, view.Reasons[0].TicketId);
        Assert.Null(view.EstimatedStart);
    }

    [Fact]
    public void What_has_expired_waits_for_the_healer_only() => Assert.Equal(
        ["expired"], Codes(Explain(Well with { Task = Task with { ExpiresAt = Now.AddSeconds(-1) }, QueuePaused = true })));

    [Fact]
    public void A_ticket_waits_with_how_many_before_it()
    {
        var dispatched = Well with
        {
            Task = Task with { State = TaskState.Dispatched, TicketId = 9 },
            TicketCreatedAt = Now.AddSeconds(-4),
            LeaseUntil = Now.AddSeconds(11),
            TicketsBefore = 3,
            Place = 1,
        };

        var view = Explain(dispatched);
        Assert.Equal(["ticket_waits"], Codes(view));
        Assert.Equal((9, 3, 4.0), (view.Reasons[0].TicketId, view.Reasons[0].TicketsBefore, view.Reasons[0].Seconds));
        Assert.Equal(
            ["no_workers", "ticket_waits", "lease_ended", "cancel_requested"],
            Codes(Explain(dispatched with { Task = dispatched.Task with { CancelRequested = true }, Executors = 0, LeaseUntil = Now })));
        Assert.Equal(["no_ticket"], Codes(Explain(dispatched with { TicketCreatedAt = null })));
    }

    [Fact]
    public void Who_runs_it_is_said_and_whether_it_should_have_ended()
    {
        var worker = Guid.CreateVersion7();
        var running = Well with
        {
            Task = Task with { State = TaskState.Running, TicketId = 9, ExecutorId = worker, StartedAt = Now.AddSeconds(-61), Attempts = 1 },
            TicketCreatedAt = Now.AddSeconds(-70),
            LeaseUntil = Now.AddSeconds(5),
            Place = 2,
            BegunThrough = 64,
        };

        var view = Explain(running);
        Assert.Equal(["beyond_timeout", "running"], Codes(view));
        Assert.Equal((worker, 2, 4), (view.Reasons[1].Worker, view.Reasons[1].Attempt, view.Reasons[1].Attempts));
        Assert.Equal(["not_begun"], Codes(Explain(running with { Place = 65 })));
        Assert.Equal("lease_ended", Codes(Explain(running with { LeaseUntil = Now.AddSeconds(-1) }))[0]);
    }

    [Theory]
    [InlineData("exhausted", "all of its 4 attempts failed")]
    [InlineData("rejected", "trying again cannot help")]
    [InlineData("unreadable", "cannot read its data")]
    [InlineData("poison", "ended with their workers 3 times")]
    public void A_dead_letter_says_why(string reason, string says)
    {
        var dead = Task with { State = TaskState.Failed, DeathReason = reason, FinishedAt = Now, History = [Broke], Attempts = 4, Crashes = 3 };

        var view = Explain(Well with { Task = dead });
        Assert.Equal([reason], Codes(view));
        Assert.Contains(says, view.Reasons[0].Sentence, StringComparison.Ordinal);
        Assert.Contains("broken: It broke.", view.Reasons[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_ended_says_how_and_what_is_blocked_says_so()
    {
        foreach (var state in (TaskState[])[TaskState.Succeeded, TaskState.Cancelled, TaskState.Expired, TaskState.Blocked])
        {
            Assert.Equal([state.Word()], Codes(Explain(Well with { Task = Task with { State = state, FinishedAt = Now } })));
        }
    }

    private static ExplainView Explain(ExplainFacts facts) => new ExplainRules(facts, TimeSpan.FromSeconds(120), static _ => 16).Explain();

    private static List<string> Codes(ExplainView view) => [.. view.Reasons.Select(static reason => reason.Code)];
}
