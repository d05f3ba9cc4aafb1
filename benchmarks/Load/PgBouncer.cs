using System.Diagnostics;
using System.Globalization;
using Millrace.Local.Services;
using Npgsql;

namespace Millrace.Benchmarks.Load;

/// <summary>PgBouncer in transaction mode with at most 100 server connections, from the PATH.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    /// <summary>The role of its connections.</summary>
    internal const string Role = "pooled";

    private const int Port = 16_432;

    private readonly Process process;

    private PgBouncer(Process process, string connectionString) => (this.process, ConnectionString) = (process, connectionString);

    internal string ConnectionString { get; }

    /// <returns>Null where no PgBouncer is installed.</returns>
    internal static async Task<PgBouncer?> StartAsync(string postgres, string data, CancellationToken cancellation)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(static folder => Path.Combine(folder, "pgbouncer")).FirstOrDefault(File.Exists);
        if (program is null)
        {
            return null;
        }

        var server = new NpgsqlConnectionStringBuilder(postgres) { Username = await OwnRoleAsync(postgres, cancellation) };
        var port = LoopbackPorts.Choose(Port, 1, [])[0];
        var settings = Path.Combine(Directory.CreateDirectory(data + "-pgbouncer").FullName, "pgbouncer.ini");
        await File.WriteAllTextAsync(settings, string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            * = host={server.Host} port={server.Port} user={server.Username}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            auth_type = any
            pool_mode = transaction
            default_pool_size = 100
            max_db_connections = 100
            max_client_conn = 5000
            unix_socket_dir =
            """), cancellation);
        string[] arguments = Environment.IsPrivilegedProcess ? ["-q", "-u", "nobody", settings] : ["-q", settings];
        var start = new ProcessStartInfo(program, arguments);
        var through = new NpgsqlConnectionStringBuilder(postgres) { Host = "127.0.0.1", Port = port };
        var bouncer = new PgBouncer(Process.Start(start)!, through.ConnectionString);
        await bouncer.ReadyAsync(cancellation);
        return bouncer;
    }

    /// <summary>What it opens is told from what others open by the role.</summary>
    private static async Task<string> OwnRoleAsync(string postgres, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(postgres);
        await using var command = database.CreateCommand($"DROP ROLE IF EXISTS {Role}; CREATE ROLE {Role} SUPERUSER LOGIN");
        await command.ExecuteNonQueryAsync(cancellation);
        return Role;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task ReadyAsync(CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(ConnectionString);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var left = 100; await timer.WaitForNextTickAsync(cancellation); left--)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellation);
                return;
            }
            catch (NpgsqlException) when (left > 0 && !process.HasExited)
            {
                // Not yet.
            }
        }
    }
}
