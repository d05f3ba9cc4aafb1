namespace Millrace.Benchmarks.Pages;

/// <summary>Ids and fingerprints of the database that pages are asked for.</summary>
internal sealed class PageSample(BenchStage stage)
{
    private const int Many = 100;

    /// <summary>Due, and the last of their queues.</summary>
    internal Guid[] Pending { get; private set; } = [];

    internal Guid[] Scheduled { get; private set; } = [];

    internal Guid[] Retrying { get; private set; } = [];

    internal Guid[] Running { get; private set; } = [];

    internal Guid[] Finished { get; private set; } = [];

    internal Guid[] Dead { get; private set; } = [];

    /// <summary>Finished tasks that have log lines.</summary>
    internal Guid[] Logged { get; private set; } = [];

    internal Guid[] Executors { get; private set; } = [];

    internal string[] Fingerprints { get; private set; } = [];

    internal async Task ReadAsync(CancellationToken cancellation)
    {
        Pending = await IdsAsync("SELECT id FROM tasks WHERE state = 'pending' AND due_at <= now() ORDER BY priority, due_at DESC", cancellation);
        Scheduled = await IdsAsync("SELECT id FROM tasks TABLESAMPLE BERNOULLI (1) WHERE state = 'pending' AND due_at > now() AND attempts = 0", cancellation);
        Retrying = await IdsAsync("SELECT id FROM tasks TABLESAMPLE BERNOULLI (1) WHERE state = 'pending' AND attempts > 0", cancellation);
        Running = await IdsAsync("SELECT t.id FROM claims c CROSS JOIN LATERAL unnest(c.task_ids) AS u (id) JOIN tasks t ON t.id = u.id ORDER BY t.id", cancellation);
        Finished = await IdsAsync("SELECT id FROM finished_tasks TABLESAMPLE BERNOULLI (0.01) ORDER BY random()", cancellation);
        Dead = await IdsAsync("SELECT id FROM dead_letters ORDER BY random()", cancellation);
        Logged = await IdsAsync("SELECT DISTINCT task_id FROM task_logs", cancellation);
        Executors = await IdsAsync("SELECT id FROM executors WHERE host LIKE 'worker-%'", cancellation);
        Fingerprints = await ListAsync<string>("SELECT fingerprint FROM dead_letters GROUP BY 1 ORDER BY count(*) DESC", cancellation);
    }

    private Task<Guid[]> IdsAsync(string sql, CancellationToken cancellation) => ListAsync<Guid>(sql, cancellation);

    private Task<T[]> ListAsync<T>(string sql, CancellationToken cancellation) =>
        stage.AskAsync<T[]>($"SELECT ARRAY(SELECT * FROM ({sql} LIMIT {Many}) AS s)", cancellation);
}
