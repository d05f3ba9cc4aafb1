using System.Data;
using Millrace.Lifecycle;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Store;

/// <summary>Submission under keys: who comes second gets the first one's task. Keys and tasks are written in one transaction.</summary>
internal sealed partial class TaskStore
{
    /// <summary>Who wants the same key at the same moment waits here for the other's commit. In order, so that two never wait for each other.</summary>
    internal const string TakeKeysSql = """
        INSERT INTO idempotency_keys (scope, key, task_id, request_hash)
        SELECT scope, key, task_id, request_hash
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[]) WITH ORDINALITY AS k (task_id, scope, key, request_hash, place)
        ORDER BY scope, key, place
        ON CONFLICT DO NOTHING
        """;

    /// <summary>Key i like k, looked up one by one: planned while there are few, a join could go through all that come later.</summary>
    private const string EachKey =
        "CROSS JOIN LATERAL (SELECT * FROM idempotency_keys WHERE scope = k.scope AND key = k.key OFFSET 0) AS i";

    /// <summary>Only tasks all of whose keys ($19 to $21) are theirs.</summary>
    internal const string SubmitKeyedSql = $"""
        WITH accepted AS (
        {InsertTasks}
            WHERE NOT EXISTS (SELECT FROM unnest($19::uuid[], $20::text[], $21::text[]) AS k (task_id, scope, key) {EachKey}
                              WHERE k.task_id = s.id AND i.task_id <> s.id)
            RETURNING id, queue_name, type, priority
        ), groups AS (
            SELECT queue_name, type, priority, count(*) AS count FROM accepted GROUP BY 1, 2, 3
        ), {CountGroups}
        SELECT now(), ARRAY(SELECT id FROM accepted)
        """;

    /// <summary>A task that was refused for one key must not keep another. Told first, for few or none are: keys are then sought by their index.</summary>
    internal const string ReturnKeysSql = """
        DELETE FROM idempotency_keys WHERE task_id = ANY (ARRAY(
            SELECT u.id FROM (SELECT unnest($1::uuid[]) AS id) AS u
            LEFT JOIN LATERAL (SELECT id FROM tasks WHERE id = u.id OFFSET 0) AS t ON true WHERE t.id IS NULL))
        """;

    internal const string ClashesSql = $"""
        SELECT k.task_id, i.key, i.task_id, i.request_hash = k.request_hash
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[]) AS k (task_id, scope, key, request_hash) {EachKey}
        WHERE i.task_id <> k.task_id
        """;

    /// <summary>
    /// Keys older than $1 hours, of tasks that are no longer live; at most $2 at a time. Who deletes a dead letter locks its keys in
    /// another order, so nobody is waited for.
    /// </summary>
    internal const string ForgetKeysSql = """
        DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM idempotency_keys i
            WHERE created_at < now() - make_interval(hours => $1) AND NOT EXISTS (SELECT FROM tasks t WHERE t.id = i.task_id)
            ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    /// <summary>Each round settles at least the first task of what is left. After so many, only that one is tried.</summary>
    private const int MostWholeRounds = 8;

    /// <summary>
    /// All of them or none: a key that another submission has refuses the others too, and
    /// <see cref="Acceptance.HasMistake"/> is set. Tasks that were accepted before, under the same key, do no harm.
    /// </summary>
    internal async Task<Acceptance> SubmitAllOrNoneAsync(IReadOnlyList<NewTask> tasks, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await BeginAsync(connection, IsolationLevel.ReadCommitted, cancellation);
        var accepted = await SubmitKeyedAsync(tasks, () => NewBatch(connection), cancellation);
        if (!accepted.HasMistake)
        {
            await transaction.CommitAsync(cancellation);
        }

        return accepted;
    }

    /// <summary>Which of the tasks have keys that others have already.</summary>
    internal async Task<IReadOnlyDictionary<TaskId, KeyClash>> ClashesAsync(IReadOnlyList<NewTask> tasks, CancellationToken cancellation)
    {
        Dictionary<TaskId, KeyClash> clashes = [];
        await using var command = Command(ClashesSql);
        var keys = KeysOf(tasks);
        AddKeys(command.Parameters, keys).With(Column(keys, static k => k.Key.RequestHash));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await ReadClashesAsync(rows, clashes, cancellation);
        return clashes;
    }

    /// <summary>How many keys were forgotten.</summary>
    internal async Task<int> ForgetKeysAsync(int hours, int atOnce, CancellationToken cancellation)
    {
        await using var command = Command(ForgetKeysSql);
        command.Parameters.With(hours).With((long)atOnce);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<Acceptance> SubmitKeyedAsync(IReadOnlyList<NewTask> tasks, Func<StoreBatch> newBatch, CancellationToken cancellation)
    {
        Dictionary<TaskId, KeyClash> clashes = [];
        var at = default(DateTimeOffset);
        for (var round = 0; tasks.Count > 0; round++)
        {
            HashSet<TaskId> settled = [.. clashes.Keys];
            await using var batch = newBatch();
            at = await SubmitRoundAsync(batch, round < MostWholeRounds ? tasks : [tasks[0]], settled, clashes, cancellation);

            // A task whose key belonged to one that was itself refused in this round.
            tasks = [.. tasks.Where(task => !settled.Contains(task.Id) && !clashes.ContainsKey(task.Id))];
        }

        return new Acceptance(at, clashes.Count == 0 ? null : clashes);
    }

    private static async Task<DateTimeOffset> SubmitRoundAsync(
        StoreBatch batch, IReadOnlyList<NewTask> tasks, HashSet<TaskId> accepted, Dictionary<TaskId, KeyClash> clashes, CancellationToken cancellation)
    {
        var keys = KeysOf(tasks);
        batch.Add(SteadyPlanSql);
        AddKeys(batch.Add(TakeKeysSql), keys).With(Column(keys, static k => k.Key.RequestHash));
        var submit = batch.Add(SubmitKeyedSql);
        AddSubmitParameters(submit, tasks);
        AddKeys(submit, keys);
        batch.Add(ReturnKeysSql).With(Column(keys, static k => k.Task.Value));
        AddKeys(batch.Add(ClashesSql), keys).With(Column(keys, static k => k.Key.RequestHash));
        await using var rows = await ReadSteadyAsync(batch, cancellation);
        await rows.ReadAsync(cancellation);
        var at = new DateTimeOffset(rows.GetDateTime(0), TimeSpan.Zero);
        accepted.UnionWith(rows.GetFieldValue<Guid[]>(1).Select(static id => new TaskId(id)));
        await rows.NextResultAsync(cancellation);
        await ReadClashesAsync(rows, clashes, cancellation);
        return at;
    }

    private static async Task ReadClashesAsync(StoreReader rows, Dictionary<TaskId, KeyClash> clashes, CancellationToken cancellation)
    {
        while (await rows.ReadAsync(cancellation))
        {
            var clash = new KeyClash(rows.GetString(1), new TaskId(rows.GetGuid(2)), rows.GetBoolean(3));
            var task = new TaskId(rows.GetGuid(0));

            // Of several, the one that is a mistake is told.
            if (!clash.IsSame || !clashes.ContainsKey(task))
            {
                clashes[task] = clash;
            }
        }
    }

    private static List<(TaskId Task, IdempotencyKey Key)> KeysOf(IReadOnlyList<NewTask> tasks) =>
        [.. tasks.SelectMany(static task => task.Keys.Select(key => (task.Id, key)))];

    private static NpgsqlParameterCollection AddKeys(NpgsqlParameterCollection parameters, List<(TaskId Task, IdempotencyKey Key)> keys) => parameters
        .With(Column(keys, static k => k.Task.Value)).With(Column(keys, static k => k.Key.Scope)).With(Column(keys, static k => k.Key.Key));
}
