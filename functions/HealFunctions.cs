using Microsoft.Azure.Functions.Worker;
using Millrace.Heal;
using Millrace.Queues;

namespace Millrace.Functions;

/// <summary>The healer's triggers: the timers, and the messages that the host gave up on.</summary>
public sealed class HealFunctions(TaskHealer healer, WakeReceiver wakes)
{
    [Function("Heal")]
    public Task Heal([TimerTrigger("%MILLRACE_HEAL_SCHEDULE%")] TimerInfo timer, CancellationToken cancellation) =>
        healer.HealAllAsync(cancellation);

    [Function("HealPoison")]
    public Task HealPoison([QueueTrigger(QueueNames.TicketsPoison)] string message, CancellationToken cancellation) =>
        healer.HealPoisonAsync(message, cancellation);

    [Function("HealPoisonUrgent")]
    public Task HealPoisonUrgent([QueueTrigger(QueueNames.UrgentPoison)] string message, CancellationToken cancellation) =>
        healer.HealPoisonAsync(message, cancellation);

    [Function("HealPoisonWakes")]
    public Task HealPoisonWakes([QueueTrigger(QueueNames.WakesPoison)] string message, CancellationToken cancellation) =>
        wakes.ReceiveAsync(message, cancellation);

    [Function("Housekeep")]
    public Task Housekeep([TimerTrigger("0 */10 * * * *")] TimerInfo timer, CancellationToken cancellation) =>
        healer.HousekeepAsync(cancellation);
}
