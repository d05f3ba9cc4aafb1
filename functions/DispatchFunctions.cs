using Microsoft.Azure.Functions.Worker;
using Millrace.Dispatch;
using Millrace.Heal;
using Millrace.Queues;

namespace Millrace.Functions;

/// <summary>The dispatcher's two triggers: the timer as safety net, and the wakes it sent to itself.</summary>
public sealed class DispatchFunctions(TaskDispatcher dispatcher, WakeReceiver wakes)
{
    [Function("Dispatch")]
    public Task Dispatch([TimerTrigger("%MILLRACE_DISPATCH_SCHEDULE%")] TimerInfo timer, CancellationToken cancellation) =>
        dispatcher.DispatchAllAsync(cancellation);

    [Function("Wake")]
    public Task Wake([QueueTrigger(QueueNames.Wakes)] string message, CancellationToken cancellation) =>
        wakes.ReceiveAsync(message, cancellation);
}
