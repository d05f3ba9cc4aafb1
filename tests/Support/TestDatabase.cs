using Millrace.Store;
using Npgsql;

namespace Millrace.Tests.Support;

/// <summary>A database of a test class's own. Use it as a class fixture; tests of one class share it, so each names its own queue.</summary>
public sealed class TestDatabase : IAsyncLifetime
{
    private string name = string.Empty;
    private NpgsqlDataSource? own;

    /// <summary>For what a test asks by itself.</summary>
    internal NpgsqlDataSource Source { get; private set; } = null!;

    /// <summary>As in a process, on the server under test.</summary>
    internal TaskStore Store { get; private set; } = null!;

    internal string ConnectionString => TestServer.For(name);

    /// <summary>As a process is told.</summary>
    internal StoreOptions Options(int poolSize = 20) => TestServer.OptionsFor(name, poolSize);

    public async ValueTask InitializeAsync()
    {
        name = await TestServer.CreateDatabaseAsync();
        Source = NpgsqlDataSource.Create(TestServer.ForTests(name));
        var sessions = new StoreSessions(TimeProvider.System);
        own = Database.Open(Options(), sessions);
        Store = new TaskStore(own, new CostMeter(), sessions);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await (own?.DisposeAsync() ?? ValueTask.CompletedTask);
        await TestServer.DropDatabaseAsync(name);
    }

    internal async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    internal async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Asks the server until a session waits for a lock.</summary>
    internal async Task UntilSomebodyWaitsAsync()
    {
        const string Waiting = """
            SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
            """;
        var began = TimeProvider.System.GetTimestamp();
        while (await ScalarAsync<long>(Waiting) == 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), "Nobody waits for the lock.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = Source.CreateCommand(sql);
        command.CommandTimeout = 120;
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
