using System.Globalization;
using Millrace.Local.Services.Install;
using Millrace.Local.Services.Processes;
using Npgsql;

namespace Millrace.Local.Services;

/// <summary>
/// PostgreSQL on loopback with the durability it has by default. Everyone on this machine may log in, as on any developer's
/// server.
/// </summary>
internal sealed class PostgresServer(
    DataDirectory data, NodePackages packages, ServerOptions options, TimeProvider timeProvider)
    : Server(ServerKind.Postgres, "PostgreSQL", 15432, 1)
{
    private const string User = "postgres";
    private const string Database = "millrace";

    private PostgresHome? home;

    public override IReadOnlyList<StopStep> StopSteps { get; } =
    [
        new(Signal.Interrupt, TimeSpan.FromSeconds(20)),
        new(Signal.Quit, TimeSpan.FromSeconds(10)),
        new(Signal.Kill, TimeSpan.FromSeconds(5)),
    ];

    public static string ConnectionString(int port, string database = Database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = User, Database = database }.ConnectionString;

    public override async Task<ServerCommand> PrepareAsync(int[] ports, CancellationToken cancellation)
    {
        home = await PostgresHome.FindAsync(data, packages, options.Progress, timeProvider, cancellation);
        await PostgresCluster.EnsureAsync(home, options, timeProvider, cancellation);
        await PostgresCluster.ClearStaleLockAsync(home, options, timeProvider, cancellation);
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = ports[0].ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
        };
        if (Directory.EnumerateFiles(Path.Combine(home.Programs, "lib", "postgresql"), "pg_stat_statements.*").Any())
        {
            settings["shared_preload_libraries"] = "pg_stat_statements";
        }

        foreach (var (name, value) in options.PostgresSettings)
        {
            settings[name] = value;
        }

        var words = settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" });
        return home.AsItsUser("postgres", ["-D", home.Data, .. words]);
    }

    public override async Task<bool> AnswersAsync(int[] ports, CancellationToken cancellation)
    {
        home ??= await PostgresHome.FindAsync(data, packages, options.Progress, timeProvider, cancellation);
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString(ports[0], "postgres")) { Pooling = false };
        await using var source = NpgsqlDataSource.Create(builder);
        await using var where = source.CreateCommand("SHOW data_directory");
        if (await where.ExecuteScalarAsync(cancellation) as string != home.Data)
        {
            return false;
        }

        await using var find = source.CreateCommand("SELECT 1 FROM pg_database WHERE datname = $1");
        find.Parameters.Add(new() { Value = Database });
        if (await find.ExecuteScalarAsync(cancellation) is null)
        {
            await using var create = source.CreateCommand($"CREATE DATABASE {Database}");
            await create.ExecuteNonQueryAsync(cancellation);
        }

        return true;
    }

    /// <summary>After a kill, a session that computes does not notice that its server is gone until its statement ends.</summary>
    public override bool IsPassing(string lastLines) =>
        lastLines.Contains("pre-existing shared memory block", StringComparison.Ordinal);

    public override void Wipe()
    {
        Remove(data.Postgres);
        Remove(Path.Combine(data.OpenPostgres, "postgres"));
    }
}
