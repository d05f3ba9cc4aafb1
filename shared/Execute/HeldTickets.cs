using System.Runtime.ExceptionServices;

namespace Millrace.Execute;

/// <summary>The tickets that one invocation works on: one that takes more, and others whose last handlers still run.</summary>
internal sealed class HeldTickets(Action<TakenTicket, Exception> logFailure)
{
    private readonly List<(TakenTicket Ticket, Task Work)> held = [];
    private Task? first;
    private ExceptionDispatchInfo? failure;

    internal int Count => held.Count;

    internal Task[] Snapshot() => [.. held.Select(static one => one.Work)];

    internal void Add(TakenTicket ticket, Task work)
    {
        first ??= work;
        held.Add((ticket, work));
    }

    /// <summary>Forgets those that are done.</summary>
    /// <returns>The queues of which a suspect is among them.</returns>
    internal string[] LetGo()
    {
        var done = held.FindAll(static one => one.Work.IsCompleted);
        held.RemoveAll(done.Contains);
        foreach (var (ticket, work) in done.Where(static one => !one.Work.IsCompletedSuccessfully))
        {
            var exception = work.Exception?.InnerException ?? new OperationCanceledException("The work on a ticket was cancelled.");
            if (work == first)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
            else
            {
                logFailure(ticket, exception);
            }
        }

        return [.. done.Where(static one => one.Ticket.IsSuspect).Select(static one => one.Ticket.Tasks[0].QueueName).Distinct()];
    }

    /// <summary>Returns when one of them is done, or after <paramref name="longest"/>.</summary>
    internal async Task WaitAsync(TimeSpan longest, TimeProvider clock) =>
        await ((Task)Task.WhenAny(Snapshot())).WaitAsync(longest, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>The message of the first ticket comes again when its work has failed.</summary>
    internal void ThrowWhatTheFirstThrew() => failure?.Throw();
}
