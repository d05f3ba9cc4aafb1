using Microsoft.Extensions.Options;
using Millrace.Dispatch;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Redis;
using Millrace.Store;

namespace Millrace.Submit;

/// <summary>Accepts tasks. When a method returns, they are durable and a dispatch pass has been asked for.</summary>
internal sealed class TaskSubmitter(
    TaskStore store, SubmitGroup group, DispatchNudge nudge, LiveCounters live, HandlerRegistry handlers, IOptions<SubmitOptions> options)
{
    internal SubmitOptions Options => options.Value;

    internal TaskDefaults Defaults { get; } = new(
        new RetryPolicy(
            options.Value.MaxRetries, options.Value.RetryDelaySeconds, options.Value.RetryBackoff, options.Value.MaxRetryDelaySeconds),
        options.Value.TimeoutSeconds,
        handlers.Types);

    /// <summary>One task, committed together with those that arrive at the same moment.</summary>
    /// <returns>The database's time of acceptance.</returns>
    internal async Task<DateTimeOffset> SubmitAsync(NewTask task, CancellationToken cancellation)
    {
        var accepted = await group.SubmitAsync(task, cancellation);
        live.Count(LiveCounters.Submitted, 1);

        // Checkpoint 1: the task is committed, no pass was asked for. The dispatch timer finds it.
        CrashCheckpoints.Pass(1);
        nudge.Nudge(task.QueueName);
        return accepted;
    }

    /// <summary>All of them, or none.</summary>
    internal async Task<DateTimeOffset> SubmitAsync(IReadOnlyList<NewTask> tasks, CancellationToken cancellation)
    {
        var accepted = await store.SubmitAsync(tasks, cancellation);
        live.Count(LiveCounters.Submitted, tasks.Count);
        CrashCheckpoints.Pass(1);
        foreach (var queue in tasks.Select(static task => task.QueueName).Distinct(StringComparer.Ordinal))
        {
            nudge.Nudge(queue);
        }

        return accepted;
    }
}
