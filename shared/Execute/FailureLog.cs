using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Millrace.Lifecycle;

namespace Millrace.Execute;

/// <summary>
/// Logs attempts that throw, a few of each kind (type of task and of exception) in a second and the number of the others: a neighbour that is down fails
/// thousands in a second, and to log each would cost more than to run it. The tasks' histories, the failures page and the counters have all.
/// </summary>
internal sealed partial class FailureLog(TimeProvider clock, ILogger<FailureLog> log)
{
    /// <summary>Of one kind, in a second.</summary>
    internal const int MostLines = 5;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>Bounded: types of tasks are registered, those of exceptions are in the program.</summary>
    private readonly ConcurrentDictionary<(string Type, string Error), Kind> kinds = new();

    internal void Threw(Attempt attempt, Exception exception)
    {
        var kind = kinds.GetOrAdd((attempt.Type, exception.GetType().Name), static _ => new Kind());
        if (kind.MayBeLogged(clock))
        {
            LogThrew(exception, attempt.Id, attempt.Type, attempt.AttemptNumber);
        }
    }

    /// <summary>Says how many were not logged. Called when a ticket ends, so that the last are not forgotten.</summary>
    internal void TellOthers()
    {
        foreach (var ((type, error), kind) in kinds)
        {
            if (kind.TakeOthers() is var others and > 0)
            {
                LogOthers(others, type, error);
            }
        }
    }

    [LoggerMessage(3102, LogLevel.Warning, "Task {Task} of type {Type} failed in attempt {Attempt}")]
    private partial void LogThrew(Exception exception, TaskId task, string type, int attempt);

    [LoggerMessage(3103, LogLevel.Warning, "{Count} more attempts of type {Type} failed with {Error}; GET /api/v1/failures shows them")]
    private partial void LogOthers(long count, string type, string error);

    private sealed class Kind
    {
        private readonly Lock gate = new();
        private long windowBegan;
        private int logged;
        private long others;

        internal bool MayBeLogged(TimeProvider clock)
        {
            lock (gate)
            {
                if (logged == 0 || clock.GetElapsedTime(windowBegan) >= Window)
                {
                    (windowBegan, logged) = (clock.GetTimestamp(), 0);
                }

                if (logged < MostLines)
                {
                    logged++;
                    return true;
                }

                others++;
                return false;
            }
        }

        internal long TakeOthers()
        {
            lock (gate)
            {
                (var taken, others) = (others, 0);
                return taken;
            }
        }
    }
}
