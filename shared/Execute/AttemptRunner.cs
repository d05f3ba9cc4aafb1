using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Millrace.Telemetry;

namespace Millrace.Execute;

/// <summary>Runs the handler of one attempt and says how it ended. It never throws.</summary>
internal sealed partial class AttemptRunner(HandlerRegistry handlers, IServiceProvider services, FailureLog failures, ILogger<AttemptRunner> log)
{
    /// <summary>A result larger than this is refused, in bytes of JSON.</summary>
    private const int LargestResult = 1_048_576;

    private readonly TraceText traces = new();

    internal Attempt NewAttempt(TaskRecord task) => new(task, log);

    internal async ValueTask<AttemptEnd> RunAsync(Attempt attempt)
    {
        if (handlers.Find(attempt.Type) is not { } registration)
        {
            return new AttemptEnd.Unreadable(new TaskError("no_handler",
                $"This app has no handler for '{attempt.Type}'. Register one with AddTaskHandler, then retry the dead letter."));
        }

        using var activity = PipelineActivity.Execute(attempt.Task);
        try
        {
            // Here and not in a method between: an exception is thrown anew by each that is awaited.
            return Checked(registration.Lifetime == ServiceLifetime.Singleton
                ? await HandlerRegistry.Resolve(registration, services).RunAsync(attempt)
                : await InvokeInScopeAsync(registration, attempt));
        }
        catch (UnreadableDataException exception)
        {
            LogUnreadable(attempt.Id, attempt.Type, Start(attempt.Data.Span));
            return new AttemptEnd.Unreadable(new TaskError("corrupted_data", exception.Message));
        }
        catch (Exception exception)
        {
            return Thrown(attempt, exception, activity);
        }
    }

    /// <summary>What a stopped attempt counts as, when its handler did not return in time.</summary>
    internal static AttemptEnd Abandoned(Attempt attempt) => attempt.Stopped switch
    {
        StopReason.TimedOut => new AttemptEnd.TimedOut(attempt.Task.TimeoutSeconds),
        StopReason.Cancelled => AttemptEnd.WasCancelled,
        StopReason.Shutdown or StopReason.TicketLost => AttemptEnd.WasGivenBack,
        StopReason.None => throw new UnreachableException(),
    };

    private async ValueTask<TaskOutcome> InvokeInScopeAsync(HandlerRegistration registration, Attempt attempt)
    {
        await using var scope = services.CreateAsyncScope();
        return await HandlerRegistry.Resolve(registration, scope.ServiceProvider).RunAsync(attempt);
    }

    private AttemptEnd Thrown(Attempt attempt, Exception exception, Activity? activity)
    {
        var type = exception.GetType().Name;
        try
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            if (attempt.Stopped != StopReason.None)
            {
                return Abandoned(attempt);
            }

            failures.Threw(attempt, exception);
            return new AttemptEnd.Threw(new TaskError(type, exception.Message, traces.Of(exception)));
        }
        catch (Exception own)
        {
            // What an exception says of itself is the user's code too.
            return new AttemptEnd.Threw(new TaskError(type, $"The handler threw this exception, whose own text throws {own.GetType().Name}."));
        }
    }

    private static AttemptEnd Checked(TaskOutcome? outcome) => outcome switch
    {
        null => new AttemptEnd.Threw(new TaskError("no_outcome", "The handler returned null. Return TaskOutcome.Succeeded() when all is well.")),
        TaskOutcome.SucceededOutcome { Result.Length: > LargestResult } large => new AttemptEnd.Threw(new TaskError(
            "result_too_large", $"The result has {large.Result.Length} bytes; up to {LargestResult} are kept. Store it and return a reference.")),
        _ => new AttemptEnd.Returned(outcome),
    };

    private static string Start(ReadOnlySpan<byte> data)
    {
        var text = Encoding.UTF8.GetString(data[..Math.Min(data.Length, 2_000)]);
        return text.Length <= 500 ? text : text[..500];
    }

    [LoggerMessage(3101, LogLevel.Warning, "Task {Task} of type {Type} goes to the dead letters: its data cannot be read. It begins with {Data}")]
    private partial void LogUnreadable(TaskId task, string type, string data);
}
