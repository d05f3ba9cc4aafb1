using Microsoft.Extensions.Logging;
using Millrace.Lifecycle;

namespace Millrace.Handlers;

/// <summary>What a handler knows of its task, and what it can say while it runs. Valid until the handler returns.</summary>
public abstract class TaskContext
{
    private protected TaskContext()
    {
    }

    /// <summary>The task.</summary>
    public abstract TaskId Id { get; }

    /// <summary>The name under which the handler is registered.</summary>
    public abstract string Type { get; }

    /// <summary>The queue it waited in.</summary>
    public abstract string QueueName { get; }

    /// <summary>1 for the first attempt.</summary>
    public abstract int AttemptNumber { get; }

    /// <summary>Attempts that may follow the first.</summary>
    public abstract int MaxRetries { get; }

    /// <summary>The data as JSON in UTF-8, to the letter.</summary>
    public abstract ReadOnlyMemory<byte> Data { get; }

    /// <summary>The context object of the submission as JSON in UTF-8; empty when there was none.</summary>
    public abstract ReadOnlyMemory<byte> Context { get; }

    /// <summary>Ends at the task's time-out, when somebody cancels it, when its ticket is lost, and when the executor shuts down.</summary>
    public abstract CancellationToken Cancellation { get; }

    /// <summary>Keeps how far the work is; written with the next heartbeat.</summary>
    /// <param name="percent">0 to 100.</param>
    /// <param name="message">What is being done; up to 4,000 characters of it are kept.</param>
    public abstract void Progress(double percent, string? message = null);

    /// <summary>
    /// Keeps a line with the task, and sends it to the logger. 1,000 lines of an attempt are kept, of 2,000 characters each; a last line says how many
    /// more there were.
    /// </summary>
    public abstract void Log(LogLevel level, string message);

    /// <summary>Call it in long loops: throws when the work should stop.</summary>
    /// <exception cref="OperationCanceledException"><see cref="Cancellation"/> has ended.</exception>
    public void Heartbeat() => Cancellation.ThrowIfCancellationRequested();
}
