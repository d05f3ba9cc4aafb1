using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>Which wakes are outstanding: at most one for each queue and purpose, so that a pass sends no more than is needed.</summary>
internal sealed partial class TaskStore
{
    /// <summary>
    /// Remembers those of the wakes ($1, $2, $3) that are not outstanding, or are outstanding for later, or were lost. One without a time is for when the
    /// first lease ends. A message cannot be hidden for more than seven days: the wake is remembered for the time at which it really comes, so that the next can
    /// be planned then. In order, for others may plan the same wakes at this moment.
    /// </summary>
    internal const string PlanWakesSql = """
        INSERT INTO wakes (queue_name, purpose, due_at)
        SELECT s.queue_name, s.purpose, least(greatest(s.due, now() + interval '200 milliseconds'), now() + interval '6 days 23 hours 59 minutes')
        FROM (SELECT w.queue_name, w.purpose, coalesce(w.due, (SELECT min(lease_until) FROM tickets)) AS due
              FROM (SELECT unnest($1::text[]) AS queue_name, unnest($2::text[]) AS purpose, unnest($3::timestamptz[]) AS due) AS w) AS s
        WHERE s.due IS NOT NULL
        ORDER BY 1, 2
        ON CONFLICT (queue_name, purpose) DO UPDATE SET due_at = excluded.due_at
        WHERE wakes.due_at > excluded.due_at + interval '100 milliseconds' OR wakes.due_at < now() - interval '10 seconds'
        RETURNING queue_name, purpose, greatest(0, extract(epoch FROM due_at - now())::float8)
        """;

    /// <summary>A storage queue counts whole seconds, so a wake comes up to one early. For the latest of the queues' wakes.</summary>
    internal const string UntilWakesSql = """
        SELECT extract(epoch FROM max(due_at) - now())::float8 FROM wakes
        WHERE queue_name = ANY ($1) AND purpose = $2 AND due_at > now() AND due_at <= now() + interval '1 second'
        """;

    /// <summary>Locked in the order in which they are planned.</summary>
    internal const string ForgetWakesSql = """
        WITH come AS MATERIALIZED (
            SELECT queue_name FROM wakes
            WHERE queue_name = ANY ($1) AND purpose = $2 AND due_at <= now() + interval '1 second' ORDER BY queue_name FOR UPDATE
        )
        DELETE FROM wakes w USING come WHERE w.queue_name = come.queue_name AND w.purpose = $2
        """;

    /// <summary>Plans wakes, no two for the same queue and purpose.</summary>
    /// <returns>Those whose message has to be sent; the others are outstanding already, or are for a lease that nobody holds.</returns>
    internal async Task<IReadOnlyList<PlannedWake>> PlanWakesAsync(IReadOnlyList<WakeOrder> wakes, CancellationToken cancellation)
    {
        if (wakes.Count == 0)
        {
            return [];
        }

        await using var command = Command(PlanWakesSql);
        command.Parameters.With(Column(wakes, static wake => wake.QueueName)).With(Column(wakes, static wake => wake.Purpose.Word()))
            .With(Column(wakes, static wake => wake.Due?.ToUniversalTime()));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        return await ReadAllAsync(rows, ReadWake, cancellation);
    }

    /// <returns>How long it is until the wakes that have arrived are due; zero when they are, or when they are not known.</returns>
    internal async Task<TimeSpan> UntilWakesAsync(IReadOnlyCollection<string> queueNames, WakePurpose purpose, CancellationToken cancellation)
    {
        await using var command = Command(UntilWakesSql);
        command.Parameters.With(queueNames.ToArray()).With(purpose.Word());
        return await command.ExecuteScalarAsync(cancellation) is double seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
    }

    /// <summary>Wakes have arrived: the next ones may be planned.</summary>
    internal async Task ForgetWakesAsync(IReadOnlyCollection<string> queueNames, WakePurpose purpose, CancellationToken cancellation)
    {
        await using var command = Command(ForgetWakesSql);
        command.Parameters.With(queueNames.ToArray()).With(purpose.Word());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static PlannedWake ReadWake(StoreReader row) =>
        new(row.GetString(0), WakePurposeWords.Read(row.GetString(1)), TimeSpan.FromSeconds(row.GetDouble(2)));
}
