using Millrace.Local.Services;
using Npgsql;

namespace Millrace.Tests.Local.Services;

[Collection("Servers of their own")]
public sealed class DataTests
{
    [Fact]
    public async Task Data_outlives_a_stop_and_a_kill_and_ends_with_a_reset()
    {
        using var bench = new Bench();
        await using (var first = await bench.StartAsync(ServerKind.Postgres))
        {
            await RunAsync(first, "CREATE TABLE kept (id int)");
        }

        await using (var second = await bench.StartAsync(ServerKind.Postgres))
        {
            Assert.True(await HasTableAsync(second));
            await second.KillAsync(ServerKind.Postgres, Bench.Cancellation);
            await second.RestartAsync(ServerKind.Postgres, wipeData: false, Bench.Cancellation);
            Assert.True(await HasTableAsync(second));
        }

        await using var third = await Bench.StartAsync(bench.Options(ServerKind.Postgres) with { Reset = true });
        Assert.False(await HasTableAsync(third));
    }

    [Fact]
    public async Task A_restart_can_wipe_the_data_of_one_server_and_keeps_its_address()
    {
        using var bench = new Bench();
        await using var servers = await bench.StartAsync(ServerKind.Postgres);
        var before = servers.PostgresConnectionString;
        await RunAsync(servers, "CREATE TABLE kept (id int)");

        await servers.RestartAsync(ServerKind.Postgres, wipeData: true, Bench.Cancellation);

        Assert.Equal(before, servers.PostgresConnectionString);
        Assert.False(await HasTableAsync(servers));
    }

    [Fact]
    public async Task A_lock_of_a_crashed_PostgreSQL_that_names_another_program_does_not_block_the_start()
    {
        using var bench = new Bench();
        await using var servers = await bench.StartAsync(ServerKind.Postgres);
        var file = Path.Combine(await ScalarAsync(servers, "SHOW data_directory") as string ?? "", "postmaster.pid");
        await servers.KillAsync(ServerKind.Postgres, Bench.Cancellation);
        var lines = await File.ReadAllLinesAsync(file, Bench.Cancellation);
        await File.WriteAllLinesAsync(file, [$"{Environment.ProcessId}", .. lines.Skip(1)], Bench.Cancellation);

        await servers.RestartAsync(ServerKind.Postgres, wipeData: false, Bench.Cancellation);

        Assert.Contains(bench.Lines, line => line.EndsWith("another program now; removing the lock.", StringComparison.Ordinal));
        await RunAsync(servers, "SELECT 1");
    }

    [Fact]
    public async Task A_killed_PostgreSQL_comes_back_although_a_session_of_it_still_computes()
    {
        using var bench = new Bench();
        await using var servers = await bench.StartAsync(ServerKind.Postgres);
        await using var source = Source(servers);
        await using var connection = await source.OpenConnectionAsync(Bench.Cancellation);
        var computes = new TaskCompletionSource();
        connection.Notice += (_, _) => computes.TrySetResult();
        const string sql = "DO $$ BEGIN RAISE NOTICE 'now'; FOR i IN 1..60000000 LOOP END LOOP; END $$";
        await using var command = new NpgsqlCommand(sql, connection);
        var statement = command.ExecuteNonQueryAsync(Bench.Cancellation);
        await computes.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Bench.Cancellation);

        await servers.KillAsync(ServerKind.Postgres, Bench.Cancellation);
        await servers.RestartAsync(ServerKind.Postgres, wipeData: false, Bench.Cancellation);

        Assert.Contains(bench.Lines, line => line.StartsWith("Sessions of the killed PostgreSQL", StringComparison.Ordinal));
        await RunAsync(servers, "SELECT 1");
        await Record.ExceptionAsync(() => statement);
    }

    [Fact]
    public async Task A_PostgreSQL_that_no_host_recorded_is_stopped_before_the_next_start()
    {
        using var bench = new Bench();
        await using var servers = await bench.StartAsync(ServerKind.Postgres);
        File.Delete(Path.Combine(bench.Data, "state.json"));

        await servers.RestartAsync(ServerKind.Postgres, wipeData: false, Bench.Cancellation);

        Assert.Contains(bench.Lines, line => line.StartsWith("PostgreSQL of a host that crashed still runs", StringComparison.Ordinal));
        await RunAsync(servers, "SELECT 1");
    }

    private static async Task RunAsync(ServerSet servers, string sql)
    {
        await using var source = Source(servers);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Bench.Cancellation);
    }

    private static async Task<bool> HasTableAsync(ServerSet servers) =>
        await ScalarAsync(servers, "SELECT to_regclass('kept') IS NOT NULL") is true;

    private static async Task<object?> ScalarAsync(ServerSet servers, string sql)
    {
        await using var source = Source(servers);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Bench.Cancellation);
    }

    private static NpgsqlDataSource Source(ServerSet servers) => NpgsqlDataSource.Create(servers.PostgresConnectionString!);
}
