using Microsoft.Extensions.Logging;
using Millrace.Dispatch;
using Millrace.Lifecycle;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Execute;

/// <summary>
/// Writes what ended, in batches that grow by themselves: while one is written the next collects. A slow neighbour delays
/// nobody. When PostgreSQL is away it tries again, for minutes: the ticket may still be its own then.
/// </summary>
internal sealed partial class TicketFinisher(
    TaskStore store, StoreRetry retry, DispatchNudge nudge, LiveCounters live, ExecutorErrors errors, TimeProvider clock, ILogger<TicketFinisher> log)
{
    private static readonly TimeSpan Collect = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(5);
    private const int MostOutages = 12;
    private static readonly TimeSpan LongestForReports = TimeSpan.FromSeconds(2);
    private const int FullBatch = 500;

    /// <summary>Writes until the run is over. Not stopped by shutdown: what is done must be written.</summary>
    internal async Task WriteAllAsync(TicketRun run, CancellationToken runIsOver)
    {
        List<EndedAttempt> batch = [];
        try
        {
            while (true)
            {
                await run.Ended.WaitAsync(runIsOver);
                if (run.TakeReportsAsked())
                {
                    await TryReportAsync(run, run.Running);
                }

                batch = run.TakeEnded();
                if (batch.Count < FullBatch && !run.InboxIsEmpty)
                {
                    await Task.Delay(Collect, clock, CancellationToken.None);
                    batch.AddRange(run.TakeEnded());
                }

                await WriteAsync(run, batch);
            }
        }
        catch (OperationCanceledException) when (runIsOver.IsCancellationRequested)
        {
            while (run.TakeEnded() is { Count: > 0 } rest)
            {
                await WriteAsync(run, rest);
            }
        }
    }

    private async Task WriteAsync(TicketRun run, List<EndedAttempt> batch)
    {
        if (batch.Count == 0)
        {
            return;
        }

        // Checkpoint 7: handlers have run, nothing is written. The lease ends; each counts as crashed and runs again.
        CrashCheckpoints.Pass(7);
        try
        {
            if (!run.IsElsewhere)
            {
                await TryReportAsync(run, batch.Select(static one => one.Attempt).OfType<Attempt>());
                await ApplyEachAsync(run, batch);
            }
        }
        catch (Exception exception)
        {
            LogGivenUp(exception, run.Ticket.Id, batch.Count);
            run.Lose();
        }
        finally
        {
            run.Written(batch.Count);
        }

        // Checkpoint 8: outcomes are written, the ticket is open and its message is there. Both are empty and go by themselves.
        CrashCheckpoints.Pass(8);
    }

    /// <summary>Progress and log lines may be lost for once; outcomes may not, and must not be lost with them.</summary>
    private async Task TryReportAsync(TicketRun run, IEnumerable<Attempt> attempts)
    {
        try
        {
            await ReportAsync(run, attempts);
        }
        catch (Exception exception)
        {
            LogNotReported(run.Ticket.Id, exception.Message);
        }
    }

    private async Task ReportAsync(TicketRun run, IEnumerable<Attempt> attempts)
    {
        List<TaskReport> reports = [];
        List<TaskLogLine> lines = [];
        foreach (var attempt in attempts)
        {
            attempt.TakeReports(run.Ticket.Id, reports, lines);
        }

        if (reports.Count + lines.Count > 0)
        {
            await retry.RepeatAsync(
                async () =>
                {
                    await store.ReportAsync(reports, lines, CancellationToken.None);
                    return lines.Count;
                },
                LongestForReports);
        }
    }

    /// <summary>One outcome that PostgreSQL refuses must not cost its neighbours theirs; it counts as a failed attempt.</summary>
    private async Task ApplyEachAsync(TicketRun run, List<EndedAttempt> batch)
    {
        try
        {
            await ApplyAsync(run, batch);
        }
        catch (PostgresException refused) when (StoreOutage.IsRefusal(refused) && batch.Count > 1)
        {
            foreach (var one in batch)
            {
                await ApplyEachAsync(run, [one]);
            }
        }
        catch (PostgresException refused) when (StoreOutage.IsRefusal(refused) && batch is [{ End: AttemptEnd.Returned }])
        {
            var error = new TaskError("outcome_refused", $"What the handler returned cannot be kept: {refused.MessageText}");
            await ApplyAsync(run, [batch[0] with { End = new AttemptEnd.Threw(error) }]);
        }
    }

    private async Task ApplyAsync(TicketRun run, List<EndedAttempt> batch)
    {
        var results = batch.ConvertAll(static ended => ended.Decide(ended.Task.Claim));
        var unchanged = await RepeatAsync(run, () => store.ApplyAsync(run.Ticket.Id, run.Ticket.Executor, results, CancellationToken.None));
        CountErrors(batch, results);
        live.Count(LiveCounters.Finished, results.Count(static result => result.What is Transition.Finish));
        live.Count(LiveCounters.Failed, results.Count(static result => result.What is Transition.Bury));
        NudgeFor(run.Ticket.QueueName, results);
        if (unchanged.Count == 0)
        {
            return;
        }

        // A cancel may have come before a retry, or an attempt may have been given back before a death: what the ticket still holds is decided once more.
        var held = (await RepeatAsync(run, () => store.HeldTasksAsync(run.Ticket.Id, CancellationToken.None))).ToDictionary(static task => task.Id, static task => task.Claim);
        var left = unchanged.ToHashSet();
        var again = batch.FindAll(ended => left.Contains(ended.Task.Id) && held.ContainsKey(ended.Task.Id)).ConvertAll(ended => ended.Decide(held[ended.Task.Id]));
        left.ExceptWith(again.Select(static result => result.Id));
        left.UnionWith(again.Count == 0 ? [] : await RepeatAsync(run, () => store.ApplyAsync(run.Ticket.Id, run.Ticket.Executor, again, CancellationToken.None)));
        if (left.Count > 0)
        {
            LogFenced(left.Count, run.Ticket.Id, left.First());
        }
    }

    private void NudgeFor(string queueName, List<AttemptResult> results)
    {
        if (results.Exists(static result => result.What.IsDueAtOnce))
        {
            nudge.NudgeBehind(queueName);
        }

        foreach (var delay in results.Select(static result => result.What.Waits ?? TimeSpan.Zero).Distinct().Where(static waits => waits > TimeSpan.Zero))
        {
            nudge.NudgeLater(queueName, delay);
        }
    }

    private void CountErrors(List<EndedAttempt> batch, List<AttemptResult> results)
    {
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].What is Transition.Retry or Transition.Bury)
            {
                errors.Count(batch[i].Task.Type);
            }
        }
    }

    /// <summary>Not given up while PostgreSQL renews the lease: nobody else could do better, and what succeeded would run again.</summary>
    private async Task<T> RepeatAsync<T>(TicketRun run, Func<Task<T>> write)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                return await retry.RepeatAsync(write, LongestOutage);
            }
            catch (Exception exception) when (!StoreOutage.IsRefusal(exception) && !run.Lease.IsOver && round < MostOutages)
            {
                LogStill(run.Ticket.Id, exception.Message);
            }
        }
    }

    [LoggerMessage(3204, LogLevel.Error, "Ticket {Ticket}: outcomes can still not be written, though its lease is kept: {Reason}")]
    private partial void LogStill(TicketId ticket, string reason);

    [LoggerMessage(3200, LogLevel.Warning, "{Count} tasks are no longer held by ticket {Ticket}, {Task} among them; what their handlers returned is not written now")]
    private partial void LogFenced(int count, TicketId ticket, TaskId task);

    [LoggerMessage(3203, LogLevel.Warning, "Ticket {Ticket}: what handlers reported could not be written: {Reason}")]
    private partial void LogNotReported(TicketId ticket, string reason);

    [LoggerMessage(3202, LogLevel.Error, "Ticket {Ticket}: {Count} outcomes could not be written. The healer will give the tasks back")]
    private partial void LogGivenUp(Exception exception, TicketId ticket, int count);
}
