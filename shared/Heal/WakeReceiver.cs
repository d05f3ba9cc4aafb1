using Microsoft.Extensions.Logging;
using Millrace.Dispatch;
using Millrace.Queues;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Heal;

/// <summary>A wake has come: runs the pass that it is for. A wake that is early, doubled or late does no harm.</summary>
public sealed partial class WakeReceiver
{
    private readonly TaskStore store;
    private readonly TaskDispatcher dispatcher;
    private readonly TaskHealer healer;
    private readonly RedisSignal signal;
    private readonly TimeProvider clock;
    private readonly ILogger<WakeReceiver> log;

    internal WakeReceiver(TaskStore store, TaskDispatcher dispatcher, TaskHealer healer, RedisSignal signal, TimeProvider clock, ILogger<WakeReceiver> log)
    {
        this.store = store;
        this.dispatcher = dispatcher;
        this.healer = healer;
        this.signal = signal;
        this.clock = clock;
        this.log = log;
    }

    /// <summary>Runs the pass. A text that is no wake is logged and dropped.</summary>
    public async Task ReceiveAsync(string message, CancellationToken cancellation)
    {
        if (WakeMessage.Read(message) is not { } wake)
        {
            LogUnreadable(message.Length <= 200 ? message : message[..200]);
            return;
        }

        string[] queueNames = [.. wake.QueueNames];

        // Too early it would find nothing, and the pass would plan the next, which would be too early again.
        await Task.Delay(await store.UntilWakesAsync(queueNames, wake.Purpose, cancellation), clock, cancellation);
        await store.ForgetWakesAsync(queueNames, wake.Purpose, cancellation);
        switch (wake.Purpose)
        {
            case WakePurpose.Dispatch:
                Array.ForEach(queueNames, queueName => signal.Publish(RedisKeys.WorkTopic(queueName)));
                await dispatcher.DispatchManyAsync(queueNames, cancellation);
                break;
            case WakePurpose.Heal:
                await healer.HealTicketsAsync(cancellation);
                break;
        }
    }

    [LoggerMessage(4010, LogLevel.Warning, "A wake is dropped: it does not name a queue and a purpose. It begins with {Start}")]
    private partial void LogUnreadable(string start);
}
