using Millrace.Local.Services;
using Millrace.Tests.Chaos.Places;
using Millrace.Tests.Chaos.Trying;
using Npgsql;

namespace Millrace.Tests.Chaos.Faults;

/// <summary>What is done to PostgreSQL, past the relays and with rights that the pipeline does not have.</summary>
internal static class PostgresFaults
{
    /// <summary>Sessions of the pipeline, not those of the programme.</summary>
    private const string TheirSessions = "FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> 'chaos'";

    internal const string EndSessions = $"SELECT count(pg_terminate_backend(pid)) {TheirSessions}";

    internal const string EndOneSession = $"SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid {TheirSessions} ORDER BY random() LIMIT 1) AS one";

    internal const string CancelOneStatement = $"""
        SELECT count(pg_cancel_backend(pid)) FROM (SELECT pid {TheirSessions} ORDER BY state = 'active' DESC, random() LIMIT 1) AS one
        """;

    private const string OneSession = $"SELECT pid {TheirSessions} AND state = 'active' ORDER BY backend_xid IS NOT NULL DESC, random() LIMIT 1";

    private const string HasWritten = "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND locktype = 'transactionid' AND mode = 'ExclusiveLock')";

    private static readonly TimeSpan Search = TimeSpan.FromSeconds(30);

    internal static async Task ExecuteAsync(World world, string sql, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(world, cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    internal static async Task EndSessionsFromAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(EndSessions, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>One statement again and again, on one connection.</summary>
    internal static async Task RepeatAsync(World world, string sql, double everySeconds, double seconds, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(world, cancellation);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(everySeconds), TimeProvider.System);
        for (var left = seconds / everySeconds; left > 0 && await timer.WaitForNextTickAsync(cancellation); left--)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>Opens a transaction that holds a lock until it is disposed.</summary>
    internal static async Task<NpgsqlConnection> HoldAsync(World world, string sql, CancellationToken cancellation)
    {
        var connection = await OpenAsync(world, cancellation);
        await using var command = new NpgsqlCommand($"BEGIN; {sql}", connection);
        await command.ExecuteNonQueryAsync(cancellation);
        return connection;
    }

    /// <summary>Takes every connection that is left.</summary>
    internal static async Task<IReadOnlyList<NpgsqlConnection>> TakeConnectionsAsync(World world, CancellationToken cancellation)
    {
        const int most = 1_000;
        var taken = new List<NpgsqlConnection>();
        try
        {
            while (taken.Count < most)
            {
                taken.Add(await OpenAsync(world, cancellation));
            }
        }
        catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            // That was the last one.
        }

        return taken;
    }

    /// <summary>Stops sessions of the pipeline, and lets them go on, until one is met that has written and not committed. That one is stopped when this returns.</summary>
    internal static async Task<int> StopOneThatWritesAsync(World world, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(world, cancellation);
        await using var find = new NpgsqlCommand(OneSession, connection);
        await using var look = new NpgsqlCommand(HasWritten, connection) { CommandTimeout = 2 };
        var session = look.Parameters.Add(new NpgsqlParameter<int>());
        for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < Search;)
        {
            if (await find.ExecuteScalarAsync(cancellation) is not int one)
            {
                continue;
            }

            Native.Send(one, Native.Stop);
            session.Value = one;
            if (await HoldsAsync(look, cancellation))
            {
                return one;
            }

            Native.Send(one, Native.Continue);
        }

        throw new InvalidOperationException("No session of the pipeline was met that had written. Send more work.");
    }

    /// <summary>Who sleeps with what everybody needs lets nobody look.</summary>
    private static async Task<bool> HoldsAsync(NpgsqlCommand look, CancellationToken cancellation)
    {
        try
        {
            return await look.ExecuteScalarAsync(cancellation) is true;
        }
        catch (NpgsqlException late) when (late.InnerException is TimeoutException)
        {
            return true;
        }
    }

    internal static async Task<IReadOnlyList<(long Ticket, string Queue)>> TicketsAsync(World world, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(world, cancellation);
        await using var command = new NpgsqlCommand("SELECT id, queue_name FROM tickets", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var tickets = new List<(long, string)>();
        while (await rows.ReadAsync(cancellation))
        {
            tickets.Add((rows.GetInt64(0), rows.GetString(1)));
        }

        return tickets;
    }

    internal static Task<bool> IsDeadAsync(World world, Guid task, CancellationToken cancellation) =>
        ScalarAsync<bool>(world, "SELECT EXISTS (SELECT FROM dead_letters WHERE id = $1)", task, cancellation);

    /// <summary>Tasks of the queue that wait or run.</summary>
    internal static Task<long> LiveOfAsync(World world, string queue, CancellationToken cancellation) =>
        ScalarAsync<long>(world, "SELECT count(*) FROM tasks WHERE queue_name = $1", queue, cancellation);

    /// <summary>Claims of the queue: none when nobody holds a task of it.</summary>
    internal static Task<long> ClaimsOfAsync(World world, string queue, CancellationToken cancellation) =>
        ScalarAsync<long>(world, "SELECT count(*) FROM claims WHERE queue_name = $1", queue, cancellation);

    /// <summary>The server and all its sessions stop, and go on.</summary>
    internal static Task FreezeAsync(World world, double seconds, CancellationToken cancellation) =>
        FrozenProcesses.FreezeAsync(Native.Family(world.Servers.Process(ServerKind.Postgres)), seconds, cancellation);

    private static async Task<T> ScalarAsync<T>(World world, string sql, object value, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(world, cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<NpgsqlConnection> OpenAsync(World world, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(world.Servers.Admin);
        await connection.OpenAsync(cancellation);
        return connection;
    }
}
