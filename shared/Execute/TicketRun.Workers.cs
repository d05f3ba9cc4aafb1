using System.Diagnostics;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Execute;

/// <summary>The workers: each holds a place, runs what is cleared one after another, and starts others.</summary>
internal sealed partial class TicketRun
{
    /// <summary>As many as there are processors: a worker whose handler does not return at once starts another.</summary>
    private void StartWorkers(int tasks) => StartWorkers(tasks, Environment.ProcessorCount);

    private void StartWorkers(int tasks, int most)
    {
        var more = Math.Min(tasks, most);
        for (; more > 0 && places.TryTake(); more--)
        {
            _ = Task.Run(WorkAsync);
        }

        if (more > 0)
        {
            StartWhenFree();
        }
    }

    /// <summary>Once at a time: the process tells one after another of the tickets that wait for a place.</summary>
    private void StartWhenFree()
    {
        if (Interlocked.Exchange(ref waitsForPlace, 1) == 0)
        {
            places.WhenFree(() =>
            {
                Volatile.Write(ref waitsForPlace, 0);
                var starts = !cleared.IsEmpty && places.TryTake();
                if (starts)
                {
                    _ = Task.Run(WorkAsync);
                }

                return starts || ClearMoreInTime();
            });
            _ = ClearLessSoonAsync();
        }
    }

    /// <summary>What a handler throws ends its attempt. Whatever else is thrown here, for want of memory perhaps, would leave a task that nobody knows of.</summary>
    private async Task WorkAsync()
    {
        try
        {
            await WorkOffAsync();
        }
        catch (Exception exception)
        {
            Broken = exception;
            Lose();
            LeaveWorker();
            Wake.Set();
        }
    }

    private async Task WorkOffAsync()
    {
        var since = Stopwatch.GetTimestamp();
        while (!lease.IsOver && cleared.TryDequeue(out var task))
        {
            Interlocked.Increment(ref begun);
            if (places.HasPromises)
            {
                places.KeepPromises(cleared.Count);
            }

            ClearMoreInTime();
            if (!await RunOneAsync(task))
            {
                return;
            }

            if (places.AreWanted && Stopwatch.GetElapsedTime(since) >= LongestTurn)
            {
                StartWhenFree();
                break;
            }
        }

        LeaveWorker();
    }

    /// <returns>False when the watch has settled the attempt, and retired this worker.</returns>
    private async ValueTask<bool> RunOneAsync(TaskRecord task)
    {
        if (Lost || task.Claim.CancelRequested)
        {
            ended.Add(new EndedAttempt(task, Lost ? AttemptEnd.WasGivenBack : AttemptEnd.WasCancelled, null, 0, null));
            return true;
        }

        var attempt = runner.NewAttempt(task);
        running[task.Id] = attempt;
        if (Lost || lease.IsOver)
        {
            // Between the look and here this process may have slept, and who stops what runs did not see this one.
            running.TryRemove(task.Id, out _);
            ended.Add(new EndedAttempt(task, AttemptEnd.WasGivenBack, null, 0, null));
            return true;
        }

        var pending = runner.RunAsync(attempt);
        if (!attempt.TryGiveThreadBack())
        {
            places.LeaveThread();
        }

        if (!pending.IsCompleted && !cleared.IsEmpty)
        {
            StartWorkers(1);
        }

        var end = await pending;
        if (!attempt.TrySettle())
        {
            return false;
        }

        Settle(attempt, end);
        return true;
    }

    private void Settle(Attempt attempt, AttemptEnd end)
    {
        running.TryRemove(attempt.Id, out _);
        var counted = end is not AttemptEnd.GivenBack;
        ended.Add(new EndedAttempt(attempt.Task, end, counted ? attempt.Began : null, attempt.RunMs, attempt));
    }

    private void LeaveWorker()
    {
        places.Leave();
        ClearMoreInTime();
        Room.Set();
    }
}
