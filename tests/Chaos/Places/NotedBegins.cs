using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Witnessing;
using Npgsql;

namespace Millrace.Tests.Chaos.Places;

/// <summary>
/// Looks ten times a second which tasks PostgreSQL has down as begun. A crash costs those an attempt, so a task must not stand there for long before its
/// handler begins. While PostgreSQL is away nothing is seen, and every span begins anew.
/// </summary>
internal sealed class NotedBegins : IAsyncDisposable
{
    private const string Sql = """
        SELECT u.id, k.executor_id
        FROM claims c JOIN tickets k ON k.id = c.ticket_id CROSS JOIN LATERAL unnest(c.task_ids) WITH ORDINALITY AS u (id, n)
        WHERE k.executor_id IS NOT NULL AND u.id IS NOT NULL
          AND c.first_place - 1 + u.n <= greatest(c.begun_through, (SELECT max(b.through_place) FROM ticket_begins b WHERE b.ticket_id = c.ticket_id))
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string admin;
    private readonly List<NotedSpan> spans = [];
    private readonly CancellationTokenSource over = new();
    private readonly Task looking;
    private Dictionary<(Guid Task, Guid Executor), long> now = [];

    internal NotedBegins(string admin)
    {
        this.admin = admin;
        looking = LookAsync();
    }

    /// <summary>Looks no more, and tells what was seen.</summary>
    internal async Task<IReadOnlyList<NotedSpan>> EndAsync()
    {
        await over.CancelAsync();
        await looking;
        return spans;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        over.Dispose();
    }

    private async Task LookAsync()
    {
        await Task.Yield();
        while (!over.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(admin);
                await connection.OpenAsync(over.Token);
                await using var command = new NpgsqlCommand(Sql, connection);
                while (true)
                {
                    await OnceAsync(command);
                    await Task.Delay(Pause, TimeProvider.System, over.Token);
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException or TimeoutException)
            {
                now = [];
                await Task.Delay(Pause, TimeProvider.System, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task OnceAsync(NpgsqlCommand command)
    {
        var at = Monotonic.Now;
        await using var rows = await command.ExecuteReaderAsync(over.Token);
        var seen = new Dictionary<(Guid Task, Guid Executor), long>();
        while (await rows.ReadAsync(over.Token))
        {
            var key = (rows.GetGuid(0), rows.GetGuid(1));
            if (!now.TryGetValue(key, out var from))
            {
                from = at;
                spans.Add(new(key.Item1, key.Item2, at));
            }

            seen[key] = from;
        }

        now = seen;
    }
}
