using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Store;
using Npgsql;

namespace Millrace.Tests.Support;

/// <summary>The PostgreSQL that the tests share, and the template that every test database is copied from.</summary>
internal static class TestServer
{
    private const string Template = "millrace_test_template";

    /// <summary>Tests write rows by hand with a function that PostgreSQL has from 18 on.</summary>
    private const string MakeUuidV7 = """
        DO $$
        BEGIN
            IF current_setting('server_version_num')::int < 180000 THEN
                CREATE FUNCTION uuidv7(shift interval DEFAULT '0') RETURNS uuid LANGUAGE sql VOLATILE AS 'SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp() + shift) * 1000)::bigint), 12, ''0'')
                    || ''7'' || substr(md5(random()::text), 1, 3) || ''8'' || substr(md5(random()::text), 1, 15))::uuid';
            END IF;
        END
        $$
        """;

    private static readonly Lazy<Task<(string Server, int? Pooler)>> Prepared = new(PrepareAsync);

    private static readonly SemaphoreSlim Copying = new(1);

    /// <summary>A new database with the schema; returns its name.</summary>
    internal static async Task<string> CreateDatabaseAsync()
    {
        await Prepared.Value;
        var name = $"millrace_test_{Guid.CreateVersion7():N}";
        await Copying.WaitAsync();
        try
        {
            await ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {Template} STRATEGY FILE_COPY");
        }
        finally
        {
            Copying.Release();
        }

        if (TestServers.UnderTest == ServerUnderTest.Hostile)
        {
            await ExecuteAsync("postgres", HostileDefaults.Sql(name));
        }

        return name;
    }

    internal static Task DropDatabaseAsync(string name) => ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    /// <summary>For the pipeline, to a database that <see cref="CreateDatabaseAsync"/> has made.</summary>
    internal static string For(string database)
    {
        var through = new NpgsqlConnectionStringBuilder(In(Prepared.Value.Result.Server, database));
        through.Port = Prepared.Value.Result.Pooler ?? through.Port;
        return through.ConnectionString;
    }

    /// <summary>The same as a process is told.</summary>
    internal static StoreOptions OptionsFor(string database, int poolSize = 20) =>
        new() { ConnectionString = For(database), PoolSize = poolSize, Prepare = TestServers.UnderTest != ServerUnderTest.Pooled };

    /// <summary>For what a test asks by itself: past a pooler, and with sane defaults.</summary>
    internal static string ForTests(string database) => new NpgsqlConnectionStringBuilder(In(Prepared.Value.Result.Server, database))
    {
        MaxPoolSize = 8,
        ApplicationName = "test",
        Options = HostileDefaults.Sane,
    }.ConnectionString;

    private static string In(string server, string database) =>
        new NpgsqlConnectionStringBuilder(server) { Database = database, MaxPoolSize = 20 }.ConnectionString;

    private static async Task<(string Server, int? Pooler)> PrepareAsync()
    {
        var server = await TestServers.PostgresAsync();
        await ExecuteAsync(server, "postgres", $"CREATE DATABASE {Template}");

        // Without a pool: a template must not have connections when it is copied.
        var connection = new NpgsqlConnectionStringBuilder(In(server, Template)) { Pooling = false }.ConnectionString;
        await using var source = NpgsqlDataSource.Create(connection);
        await Migrator.MigrateAsync(source, new StoreOptions { ConnectionString = connection }, NullLogger.Instance, CancellationToken.None);
        await using var made = source.CreateCommand(MakeUuidV7);
        await made.ExecuteNonQueryAsync();
        return (server, TestServers.UnderTest == ServerUnderTest.Pooled ? await TestServers.PoolerAsync() : null);
    }

    private static async Task ExecuteAsync(string database, string sql) => await ExecuteAsync((await Prepared.Value).Server, database, sql);

    private static async Task ExecuteAsync(string server, string database, string sql)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(In(server, database)) { Pooling = false }.ConnectionString;
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync();
    }
}
