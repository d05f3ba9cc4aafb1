using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Manage;

/// <summary>Finds the next tasks of a bulk action and does to them what it says.</summary>
/// <param name="store">Where the tasks are.</param>
/// <param name="nudge">Is told of a queue that has new due work.</param>
/// <param name="cancelRequested">Is told when a task that an executor holds was asked to end.</param>
internal sealed class BulkChunks(TaskStore store, Action<string> nudge, Action cancelRequested)
{
    private const int AtOnce = 500;

    /// <summary>Rows of each place that are looked at, when they have to be looked at one by one.</summary>
    private const int LookedAtAtOnce = 4_000;

    /// <summary>How many match, and the first of them; up to <paramref name="longest"/>, and then not all.</summary>
    internal async Task<(long Matched, bool IsAll, IReadOnlyList<TaskId> First)> CountAsync(
        BulkOrder order, TimeSpan longest, TimeProvider clock, CancellationToken cancellation)
    {
        const int Many = 10_000;
        const int Shown = 10;
        var began = clock.GetTimestamp();
        List<TaskId> first = [];
        var matched = 0L;
        TaskId? before = null;
        do
        {
            var (ids, floor) = await FindAsync(order, before, null, Many, cancellation);
            first.AddRange(ids.Take(Shown - first.Count));
            matched += ids.Count;
            before = ids.Count == Many ? ids[^1] : floor;
        }
        while (before is not null && clock.GetElapsedTime(began) < longest);

        return (matched, before is null, first);
    }

    /// <summary>Looks for the canaries, the newest tasks that match, one step further down; what it has looked at is noted, found or not.</summary>
    /// <returns>How far the action is then, with canaries when they were found; null when nothing was done, as the store says.</returns>
    internal async Task<BulkProgress?> TryFirstAsync(TaskId id, BulkOrder order, BulkProgress reached, CancellationToken cancellation)
    {
        var (ids, floor) = await FindAsync(order, reached.Below, reached.OrderedAt, order.Canary, cancellation);
        var to = reached with { Below = ids.Count > 0 ? ids[^1] : floor ?? reached.Below, Matched = reached.Matched + ids.Count };
        return await ApplyAsync(id, order, reached, ids.Count > 0 || floor is null ? to with { Canaries = ids } : to, ids, cancellation);
    }

    /// <summary>The next chunk.</summary>
    /// <returns>How far the action is then, null when nothing was done, as the store says; and whether nothing is left.</returns>
    internal async Task<(BulkProgress? Progress, bool IsDone)> NextAsync(TaskId id, BulkOrder order, BulkProgress reached, CancellationToken cancellation)
    {
        var (ids, floor) = await FindAsync(order, reached.Below, reached.OrderedAt, AtOnce, cancellation);
        var below = ids.Count == AtOnce ? ids[^1] : floor;
        var to = reached with { Below = below ?? (ids.Count > 0 ? ids[^1] : reached.Below), Matched = reached.Matched + ids.Count };
        return (await ApplyAsync(id, order, reached, to, ids, cancellation), below is null);
    }

    private Task<(IReadOnlyList<TaskId> Ids, TaskId? Floor)> FindAsync(
        BulkOrder order, TaskId? before, DateTime? thereBy, int limit, CancellationToken cancellation) => store.SearchIdsAsync(
            order.Filter with { Before = before, ThereBy = thereBy, Limit = limit }, order.Filter.IsDeep ? Math.Max(limit, LookedAtAtOnce) : limit, cancellation);

    private async Task<BulkProgress?> ApplyAsync(
        TaskId id, BulkOrder order, BulkProgress reached, BulkProgress to, IReadOnlyList<TaskId> ids, CancellationToken cancellation)
    {
        IReadOnlyList<QueueCount>? done = order.Verb switch
        {
            BulkVerb.Cancel => await store.ApplyBulkAsync(id, reached, to, ids, [TaskStore.CancelSql], static _ => { }, cancellation),
            BulkVerb.Retry => await store.ApplyBulkAsync(id, reached, to, ids, [TaskStore.RetryDeadLettersSql], AddRevival, cancellation),
            BulkVerb.Replay => await store.ApplyBulkAsync(id, reached, to, ids, [TaskStore.RetryDeadLettersSql, TaskStore.RerunSql], AddRevival, cancellation),
            BulkVerb.Boost => await store.ApplyBulkAsync(id, reached, to, ids, [TaskStore.BoostSql], p => p.With(order.Priority ?? (short)10), cancellation),
            BulkVerb.Delete => await store.ApplyBulkAsync(id, reached, to, ids, [TaskStore.DeleteDeadLettersSql], static _ => { }, cancellation),
            BulkVerb.Move => await store.ApplyBulkAsync(id, reached, to, ids, [TaskStore.MoveSql], p => p.With(order.QueueName!), cancellation),
        };
        if (done is null)
        {
            return null;
        }

        // Checkpoint 12: the chunk is committed, nobody was told. The dispatch timer finds what is due; executors see a cancel with their heartbeat.
        CrashCheckpoints.Pass(12);
        Tell(order.Verb, done);
        return to with { Changed = reached.Changed + done.Sum(static one => one.Count) };

        void AddRevival(NpgsqlParameterCollection parameters) => parameters.WithText(order.QueueName).With(order.Priority).WithJson((byte[]?)null);
    }

    private void Tell(BulkVerb verb, IReadOnlyList<QueueCount> done)
    {
        switch (verb)
        {
            case BulkVerb.Cancel when done.Count > 0:
                cancelRequested();
                break;
            case BulkVerb.Retry or BulkVerb.Replay or BulkVerb.Boost or BulkVerb.Move:
                foreach (var queue in done)
                {
                    nudge(queue.QueueName);
                }

                break;
            case BulkVerb.Cancel or BulkVerb.Delete:
                break;
        }
    }
}
