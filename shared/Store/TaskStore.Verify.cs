using System.Data;
using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>The ledger. It counts every row there is, so it is for checking, not for a page that refreshes.</summary>
internal sealed partial class TaskStore
{
    internal const string LedgerSql = """
        WITH books AS (
            SELECT queue_name, event, label, count FROM counter_totals
            UNION ALL SELECT queue_name, event, label, count FROM counter_deltas
        ), moves AS (
            SELECT queue_name, event, label, count FROM books
            UNION ALL SELECT label, event || '_into', '', count FROM books WHERE event IN ('replayed', 'rerun', 'moved')
            UNION ALL SELECT queue_name, 'live_rows', '', count(*) FROM tasks GROUP BY 1
            UNION ALL SELECT queue_name, 'finished_rows', '', count(*) FROM finished_tasks GROUP BY 1
            UNION ALL SELECT queue_name, 'dead_rows', '', count(*) FROM dead_letters GROUP BY 1
        )
        SELECT queue_name,
               coalesce(sum(count) FILTER (WHERE event = 'accepted'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'succeeded'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'cancelled'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'expired'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'failed'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'replayed'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'replayed_into'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'rerun'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'rerun_into'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'moved'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'moved_into'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'deleted'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'dropped' AND label <> 'failed'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'dropped' AND label = 'failed'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'live_rows'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'finished_rows'), 0)::bigint,
               coalesce(sum(count) FILTER (WHERE event = 'dead_rows'), 0)::bigint
        FROM moves GROUP BY 1 ORDER BY 1
        """;

    /// <summary>
    /// Up to $1 tasks and tickets that break a rule which no counter shows. The transaction may have begun before its snapshot was taken, and what was claimed
    /// between the two was not due at now(). So a due time is held against the time of this statement, which comes after another one has taken the snapshot.
    /// </summary>
    internal const string OffendersSql = $"""
        SELECT rule, id, sentence FROM (
            (SELECT 'two_places' AS rule, t.id::text AS id, 'The task is live and finished at the same time.' AS sentence
             FROM tasks t WHERE EXISTS (SELECT FROM finished_tasks f WHERE f.id = t.id) LIMIT $1)
            UNION ALL
            (SELECT 'two_places', t.id::text, 'The task is live and a dead letter at the same time.'
             FROM tasks t JOIN dead_letters d ON d.id = t.id LIMIT $1)
            UNION ALL
            (SELECT 'two_places', d.id::text, 'The task is finished and a dead letter at the same time.'
             FROM dead_letters d WHERE EXISTS (SELECT FROM finished_tasks f WHERE f.id = d.id) LIMIT $1)
            UNION ALL
            (SELECT 'finished_twice', f.id::text, format('The task has %s rows among the finished ones.', count(*))
             FROM finished_tasks f GROUP BY f.id HAVING count(*) > 1 LIMIT $1)
            UNION ALL
            (SELECT 'attempts', t.id::text, format('The task waits after %s attempts of at most %s.', t.attempts, t.max_retries + 1)
             FROM tasks t WHERE t.attempts > t.max_retries LIMIT $1)
            UNION ALL
            (SELECT 'attempts', f.id::text, format('The finished task had %s attempts of at most %s.', f.attempts, f.max_retries + 1)
             FROM finished_tasks f WHERE f.attempts > f.max_retries + 1 LIMIT $1)
            UNION ALL
            (SELECT 'attempts', d.id::text, format('The dead letter had %s attempts of at most %s.', d.attempts, d.max_retries + 1)
             FROM dead_letters d WHERE d.attempts > d.max_retries + 1 LIMIT $1)
            UNION ALL
            (SELECT 'no_ticket', t.id::text, format('The task is claimed by ticket %s, which does not exist.', c.ticket_id)
             FROM claims c CROSS JOIN LATERAL unnest(c.task_ids) AS u (id) JOIN tasks t ON t.id = u.id
             WHERE NOT EXISTS (SELECT FROM tickets k WHERE k.id = c.ticket_id) LIMIT $1)
            UNION ALL
            (SELECT 'wrong_queue', t.id::text, format('The task of queue %s is in a ticket of queue %s.', t.queue_name, k.queue_name)
             FROM {ClaimedTasks} WHERE k.queue_name <> t.queue_name OR c.queue_name <> t.queue_name LIMIT $1)
            UNION ALL
            (SELECT 'early', t.id::text, 'The task is in a ticket before its due time.'
             FROM {ClaimedTasks} WHERE t.due_at > statement_timestamp() LIMIT $1)
            UNION ALL
            (SELECT 'not_its_claim', t.id::text, 'The task is due at another time than its claim says, and would not find it.'
             FROM {ClaimedTasks} WHERE t.due_at NOT BETWEEN c.due_from AND c.due_through LIMIT $1)
            UNION ALL
            (SELECT 'two_tickets', t.id::text, format('The task is in %s tickets.', count(*))
             FROM {ClaimedTasks} GROUP BY t.id HAVING count(*) > 1 LIMIT $1)
            UNION ALL
            (SELECT 'miscounted', c.ticket_id::text, format('A claim of the ticket counts %s tasks and holds %s.', c.remaining, n.tasks)
             FROM claims c CROSS JOIN LATERAL (SELECT count(*) AS tasks FROM unnest(c.task_ids) AS u (id) JOIN tasks t ON t.id = u.id) AS n
             WHERE c.remaining <> n.tasks LIMIT $1)
            UNION ALL
            (SELECT 'quarantine', t.id::text, 'The task has crashed before and is in a ticket that is not its own.'
             FROM {ClaimedTasks} WHERE t.crashes > 1 AND NOT k.quarantine LIMIT $1)
            UNION ALL
            (SELECT 'quarantine', k.id::text, format('The quarantine ticket holds %s tasks and may hold one.', sum(c.remaining))
             FROM tickets k JOIN claims c ON c.ticket_id = k.id WHERE k.quarantine GROUP BY k.id HAVING sum(c.remaining) > 1 LIMIT $1)
            UNION ALL
            (SELECT 'unknown_queue', t.queue_name, 'Tasks wait in a queue that the dispatcher does not know.'
             FROM (SELECT DISTINCT queue_name FROM tasks) AS t WHERE NOT EXISTS (SELECT FROM queues q WHERE q.name = t.queue_name) LIMIT $1)
            UNION ALL
            (SELECT 'empty_ticket', k.id::text, 'The ticket has held no task for more than a minute.'
             FROM tickets k
             WHERE k.created_at < now() - interval '1 minute' AND k.lease_until < now()
               AND (k.hungry_until IS NULL OR k.hungry_until < now() - interval '1 minute')
               AND NOT EXISTS (SELECT FROM claims c WHERE c.ticket_id = k.id) LIMIT $1)
        ) AS found
        ORDER BY rule, id LIMIT $1
        """;

    private const int VerifyTimeoutSeconds = 600;

    /// <summary>The whole ledger from one snapshot, with up to <paramref name="limit"/> offenders.</summary>
    internal async Task<Ledger> VerifyAsync(int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var snapshot = await BeginAsync(connection, IsolationLevel.RepeatableRead, cancellation);
        await using var batch = NewBatch(connection);
        batch.Patience = TimeSpan.FromSeconds(VerifyTimeoutSeconds);
        batch.Add(NowSql);
        batch.Add(OffendersSql).With((long)limit);
        batch.Add(LedgerSql);
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        var at = (await ReadAllAsync(rows, static r => r.GetDateTime(0), cancellation))[0];
        await rows.NextResultAsync(cancellation);
        var found = await ReadAllAsync(rows, static r => new Offender(r.GetString(0), r.GetString(1), r.GetString(2)), cancellation);
        await rows.NextResultAsync(cancellation);
        var lines = await ReadAllAsync(rows, ReadLedgerLine, cancellation);
        return new Ledger(at, lines, found);
    }

    private static LedgerLine ReadLedgerLine(StoreReader row) => new()
    {
        QueueName = row.GetString(0),
        Accepted = row.GetInt64(1),
        Succeeded = row.GetInt64(2),
        Cancelled = row.GetInt64(3),
        Expired = row.GetInt64(4),
        Failed = row.GetInt64(5),
        ReplayedFrom = row.GetInt64(6),
        ReplayedInto = row.GetInt64(7),
        RerunFrom = row.GetInt64(8),
        RerunInto = row.GetInt64(9),
        MovedFrom = row.GetInt64(10),
        MovedInto = row.GetInt64(11),
        Deleted = row.GetInt64(12),
        DroppedFinished = row.GetInt64(13),
        DroppedDead = row.GetInt64(14),
        LiveRows = row.GetInt64(15),
        FinishedRows = row.GetInt64(16),
        DeadRows = row.GetInt64(17),
    };
}
