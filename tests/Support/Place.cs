using Azure.Storage.Queues;
using Millrace.Queues;
using Millrace.Store;
using Npgsql;

namespace Millrace.Tests.Support;

/// <summary>Where a pipeline lives: a database and a storage account of its own. Any number of hosts may share one.</summary>
internal sealed class Place : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private string? database;

    /// <param name="postgres">For hosts.</param>
    /// <param name="storage">For hosts.</param>
    /// <param name="direct">For what a test asks by itself; none where that is the same.</param>
    private Place(string postgres, string storage, string? direct = null)
    {
        (Postgres, Storage) = (postgres, storage);
        Source = NpgsqlDataSource.Create(direct
            ?? new NpgsqlConnectionStringBuilder(postgres) { MaxPoolSize = 8, ApplicationName = "test", Options = HostileDefaults.Sane }.ConnectionString);
        Store = new TaskStore(Source, new CostMeter());
    }

    internal string Postgres { get; }

    internal string Storage { get; }

    /// <summary>None unless a test sets it: the pipeline must do without.</summary>
    internal string? Redis { get; set; }

    internal NpgsqlDataSource Source { get; }

    internal TaskStore Store { get; }

    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<Place> NewAsync()
    {
        var name = await TestServer.CreateDatabaseAsync();
        return new Place(TestServer.For(name), await TestServers.NewStorageAccountAsync(), TestServer.ForTests(name)) { database = name };
    }

    /// <summary>A place on servers that a test owns, with an empty database; the first host migrates it.</summary>
    internal static async Task<Place> NewOnAsync(OwnServers servers)
    {
        var name = $"place_{Guid.CreateVersion7():N}";
        await using var source = NpgsqlDataSource.Create(servers.Set.PostgresConnectionString!);
        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync(Cancellation);
        var postgres = new NpgsqlConnectionStringBuilder(servers.Set.PostgresConnectionString) { Database = name }.ConnectionString;
        return new Place(postgres, TestServers.OfNewAccount(servers.Set.StorageConnectionString!));
    }

    /// <summary>A place on the distribution's PostgreSQL, with an empty database; the first host migrates it.</summary>
    internal static async Task<Place> NewOnDistributionAsync()
    {
        var server = await TestServers.DistributionAsync();
        var name = $"place_{Guid.CreateVersion7():N}";
        await using var source = NpgsqlDataSource.Create(server);
        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync(Cancellation);
        return new Place(new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString, await TestServers.NewStorageAccountAsync());
    }

    /// <summary>Changes a default of the database, for sessions that begin from now on.</summary>
    internal async Task SetDefaultAsync(string setting, string value)
    {
        var name = new NpgsqlConnectionStringBuilder(Postgres).Database;
        await ExecuteAsync($"ALTER DATABASE {name} SET {setting} = '{value}'");
    }

    /// <summary>Ends all sessions of the database but the caller's: new ones have its new defaults.</summary>
    internal Task EndOthersAsync() =>
        ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'test'");

    /// <summary>A client that sends what the host expects: base64.</summary>
    internal QueueClient Queue(string name) => new(
        Storage, name, new QueueClientOptions(QueueClientOptions.ServiceVersion.V2026_06_06) { MessageEncoding = QueueMessageEncoding.Base64 });

    /// <summary>Forgets every message, as a storage account that was lost and made anew.</summary>
    internal async Task LoseMessagesAsync()
    {
        foreach (var name in QueueNames.All)
        {
            await Queue(name).ClearMessagesAsync(Cancellation);
        }
    }

    internal async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(Cancellation);
    }

    internal async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>Returns once the query answers true; fails with the ledger when it does not in time.</summary>
    internal async Task UntilAsync(string condition, TimeSpan longest, params object[] values)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await ScalarAsync<bool>($"SELECT coalesce((SELECT {condition}), false)", values))
        {
            if (TimeProvider.System.GetElapsedTime(began) > longest)
            {
                Assert.Fail($"Not within {longest.TotalSeconds} s: {condition}\n{await Books.DescribeAsync(this)}");
            }

            await Task.Delay(Look, TimeProvider.System, Cancellation);
        }
    }

    internal Task UntilAsync(string condition, params object[] values) => UntilAsync(condition, TimeSpan.FromSeconds(30), values);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (database is not null)
        {
            await TestServer.DropDatabaseAsync(database);
        }
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = Source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
