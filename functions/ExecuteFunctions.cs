using Microsoft.Azure.Functions.Worker;
using Millrace.Execute;
using Millrace.Queues;

namespace Millrace.Functions;

/// <summary>Executors: one invocation works one ticket off. Urgent tickets scale and wait apart from the others.</summary>
public sealed class ExecuteFunctions(TaskExecutor executor)
{
    [Function("Execute")]
    public Task Execute([QueueTrigger(QueueNames.Tickets)] string message, CancellationToken cancellation) =>
        executor.ExecuteAsync(message, cancellation);

    [Function("ExecuteUrgent")]
    public Task ExecuteUrgent([QueueTrigger(QueueNames.Urgent)] string message, CancellationToken cancellation) =>
        executor.ExecuteAsync(message, cancellation);
}
