using System.Text.Json;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Manage;

/// <summary>
/// Carries out a bulk action, in chunks, from the newest task to the oldest. It holds its executor for a moment only, then goes on
/// after a snooze; how far it came is in the database, so whoever runs it next goes on from there.
/// </summary>
internal sealed class BulkActionHandler(TaskStore store, BulkChunks chunks, TimeProvider clock) : TaskHandler
{
    internal const string Type = "millrace.bulk_action";

    /// <summary>Where bulk actions wait.</summary>
    internal const string QueueName = TaskNames.OwnQueue;

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAtCanaries = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LetOthersGo = TimeSpan.FromSeconds(1);

    public override async ValueTask<TaskOutcome> RunAsync(TaskContext context)
    {
        var order = BulkOrder.Read(context.Data, BulkRoute.Any, new Faults());
        var progress = await store.BeginBulkAsync(context.Id, context.Cancellation);
        var began = clock.GetTimestamp();
        while (order.Canary > 0 && progress is { Canaries: null })
        {
            if (clock.GetElapsedTime(began) >= AtOnce)
            {
                return TaskOutcome.Snoozed(TimeSpan.Zero);
            }

            context.Heartbeat();
            progress = await chunks.TryFirstAsync(context.Id, order, progress, context.Cancellation);
        }

        return progress?.Canaries is { Count: > 0 } canaries && await WaitForAsync(canaries, progress, context.Cancellation) is { } outcome
            ? outcome
            : await GoOnAsync(context, order, progress, began);
    }

    private async Task<TaskOutcome> GoOnAsync(TaskContext context, BulkOrder order, BulkProgress? progress, long began)
    {
        while (progress is not null)
        {
            if (clock.GetElapsedTime(began) >= AtOnce)
            {
                // Others should have this place for a moment.
                return TaskOutcome.Snoozed(TimeSpan.Zero);
            }

            context.Heartbeat();
            var (next, isDone) = await chunks.NextAsync(context.Id, order, progress, context.Cancellation);
            if (next is not null)
            {
                context.Progress(isDone ? 100 : 0, $"{next.Matched} matched, {next.Changed} changed");
                if (isDone)
                {
                    return Ended("done", next);
                }
            }

            progress = next;
        }

        // Somebody else has come further, or holds what is next.
        return TaskOutcome.Snoozed(LetOthersGo);
    }

    /// <summary>Null when all have succeeded, so that the rest may follow.</summary>
    private async Task<TaskOutcome?> WaitForAsync(IReadOnlyList<TaskId> canaries, BulkProgress progress, CancellationToken cancellation)
    {
        var states = await store.CanaryStatesAsync(canaries, cancellation);
        return states switch
        {
            { Others: > 0 } => Ended("stopped_by_canary", progress),
            { Live: > 0 } => TaskOutcome.Snoozed(LookAtCanaries),
            _ => null,
        };
    }

    private static TaskOutcome Ended(string how, BulkProgress progress) => TaskOutcome.SucceededWithJson(
        JsonSerializer.SerializeToUtf8Bytes(new BulkResult(how, progress.Matched, progress.Changed), ManageJson.Default.BulkResult));
}
