using Millrace.Store;
using Npgsql;

namespace Millrace.Tests.Support;

/// <summary>The PostgreSQL that the tests run on, and the template that every test database is copied from.</summary>
internal static class TestServer
{
    private const string Template = "millrace_test_template";

    private static readonly Lazy<Task> Prepared = new(PrepareAsync);

    internal static string ConnectionString { get; } =
        Environment.GetEnvironmentVariable("MILLRACE_TEST_POSTGRES") ?? "Host=127.0.0.1;Port=5440;Username=postgres";

    /// <summary>A new database with the schema; returns its name.</summary>
    internal static async Task<string> CreateDatabaseAsync()
    {
        await Prepared.Value;
        var name = $"millrace_test_{Guid.CreateVersion7():N}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {TemplateName} STRATEGY FILE_COPY");
        return name;
    }

    internal static Task DropDatabaseAsync(string name) => ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    internal static string For(string database) => new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database, MaxPoolSize = 20 }.ConnectionString;

    /// <summary>Each test process has its own template, so two runs at once do not share one.</summary>
    private static string TemplateName { get; } = $"{Template}_{Environment.ProcessId}";

    private static async Task PrepareAsync()
    {
        await DropDatabaseAsync(TemplateName);
        await ExecuteAsync("postgres", $"CREATE DATABASE {TemplateName}");
        foreach (var migration in Migrations())
        {
            await ExecuteAsync(TemplateName, migration);
        }

        AppDomain.CurrentDomain.ProcessExit += static (_, _) => DropDatabaseAsync(TemplateName).GetAwaiter().GetResult();
    }

    private static IEnumerable<string> Migrations()
    {
        var assembly = typeof(TaskStore).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(static n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }

    /// <summary>Without a pool: a template must not have connections when it is copied.</summary>
    private static async Task ExecuteAsync(string database, string sql)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database, Pooling = false }.ConnectionString;
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync();
    }
}
