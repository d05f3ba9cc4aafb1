using Millrace.Lifecycle;

namespace Millrace.Handlers;

/// <summary>Runs tasks of one type on their raw data. Most handlers derive from <see cref="TaskHandler{TData}"/> instead.</summary>
public abstract class TaskHandler
{
    /// <summary>One attempt. It may happen more than once: make it idempotent. To throw is to fail.</summary>
    public abstract ValueTask<TaskOutcome> RunAsync(TaskContext context);
}
