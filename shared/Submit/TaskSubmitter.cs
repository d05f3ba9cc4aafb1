using Microsoft.Extensions.Options;
using Millrace.Dispatch;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Submit;

/// <summary>Accepts tasks. When a method returns, they are durable and a dispatch pass has been asked for.</summary>
internal sealed class TaskSubmitter : IAsyncDisposable
{
    private static readonly IReadOnlyDictionary<TaskId, KeyClash> NoneKnown = new Dictionary<TaskId, KeyClash>();

    private readonly TaskStore store;
    private readonly DispatchNudge nudge;
    private readonly LiveCounters live;
    private readonly SubmitGroup plain;
    private readonly SubmitGroup keyed;

    public TaskSubmitter(
        TaskStore store, DispatchNudge nudge, LiveCounters live, HandlerRegistry handlers, QueueRoom room, IOptions<SubmitOptions> options)
    {
        this.store = store;
        this.nudge = nudge;
        this.live = live;
        plain = new SubmitGroup(SubmitAsync, atOnce: 1);
        keyed = new SubmitGroup(SubmitAsync, atOnce: 2);
        Options = options.Value;
        Room = room;
        Defaults = new TaskDefaults(
            new RetryPolicy(Options.MaxRetries, Options.RetryDelaySeconds, Options.RetryBackoff, Options.MaxRetryDelaySeconds),
            Options.TimeoutSeconds,
            handlers.Types.Where(static type => !type.StartsWith(TaskNames.OwnPrefix, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal));
    }

    internal SubmitOptions Options { get; }

    internal QueueRoom Room { get; }

    internal TaskDefaults Defaults { get; }

    /// <summary>
    /// One task, committed together with those that arrive at the same moment. One whose key another transaction is about to write waits for that;
    /// tasks without keys are in groups of their own and never do.
    /// </summary>
    internal Task<Acceptance> SubmitAsync(NewTask task, CancellationToken cancellation) =>
        (task.Keys.Count > 0 ? keyed : plain).SubmitAsync(task, cancellation);

    /// <summary>All of them or none, but for those whose key another task has.</summary>
    internal async Task<Acceptance> SubmitAsync(IReadOnlyList<NewTask> tasks, CancellationToken cancellation)
    {
        var accepted = await store.SubmitAsync(tasks, cancellation);
        Announce(tasks, accepted);
        return accepted;
    }

    /// <summary>The same, but a key that another submission has refuses them all.</summary>
    internal async Task<Acceptance> SubmitAllOrNoneAsync(IReadOnlyList<NewTask> tasks, CancellationToken cancellation)
    {
        var accepted = await store.SubmitAllOrNoneAsync(tasks, cancellation);
        if (!accepted.HasMistake)
        {
            Announce(tasks, accepted);
        }

        return accepted;
    }

    /// <summary>For tasks that a full queue has no room for: those that were accepted before, or whose key another submission has.</summary>
    internal async Task<IReadOnlyDictionary<TaskId, KeyClash>> KnownAsync(IReadOnlyList<NewTask> tasks, CancellationToken cancellation) =>
        tasks.Any(static task => task.Keys.Count > 0) ? await store.ClashesAsync(tasks, cancellation) : NoneKnown;

    private void Announce(IReadOnlyList<NewTask> tasks, Acceptance accepted)
    {
        live.Count(LiveCounters.Submitted, tasks.Count - (accepted.Clashes?.Count ?? 0));

        // Checkpoint 1: the tasks are committed, no pass was asked for. The dispatch timer finds them.
        CrashCheckpoints.Pass(1);
        nudge.Nudge(tasks.Select(static task => task.QueueName).ToHashSet(StringComparer.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        await plain.DisposeAsync();
        await keyed.DisposeAsync();
    }
}
