using Millrace.Lifecycle;
using Millrace.Store;
using Npgsql;

namespace Millrace.Tests.Support;

/// <summary>A claim as the dispatcher writes it, in a transaction that the test ends when it wants.</summary>
internal static class Claims
{
    internal static async Task MakeAsync(NpgsqlConnection connection, TaskId task, string queueName)
    {
        await using var claim = connection.CreateCommand();
        claim.CommandText = """
            WITH task AS (SELECT id, due_at FROM tasks WHERE id = $1 FOR UPDATE),
                 ticket AS (INSERT INTO tickets (queue_name, state, quarantine, lease_until)
                            VALUES ($2, 'queued', false, now() + interval '1 minute') RETURNING id)
            INSERT INTO claims (ticket_id, first_place, last_place, remaining, queue_name, due_from, due_through, task_ids)
            SELECT ticket.id, 1, 1, 1, $2, due_at, due_at, ARRAY[task.id] FROM task, ticket
            """;
        claim.Parameters.With(task.Value).With(queueName);
        await claim.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
