using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Millrace.Local.Services;
using Millrace.Local.Services.Install;
using Millrace.Local.Services.Processes;
using Npgsql;

namespace Millrace.Tests.Support;

/// <summary>
/// The PostgreSQL that this machine's distribution ships, with its own defaults (<c>jit</c> among them), in a cluster of the test run's own. There is none where the
/// package is not installed.
/// </summary>
internal sealed class DistributionServer : IAsyncDisposable
{
    internal const string Missing = "The distribution's PostgreSQL is not installed here (package postgresql), so nothing is tried on it.";

    private const string Packages = "/usr/lib/postgresql";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly PostgresHome home;

    private DistributionServer(PostgresHome home, string connectionString) => (this.home, ConnectionString) = (home, connectionString);

    /// <summary>Its database <c>postgres</c>.</summary>
    internal string ConnectionString { get; }

    /// <summary>The folder of the newest version's programs; null where there is none.</summary>
    internal static string? Programs => Directory.Exists(Packages)
        ? Directory.EnumerateDirectories(Packages).Where(static version => File.Exists(Path.Combine(version, "bin", "postgres")))
            .MaxBy(static version => double.Parse(Path.GetFileName(version), CultureInfo.InvariantCulture))
        : null;

    internal static async Task<DistributionServer> StartAsync()
    {
        var account = PostgresAccount.Choose();
        var folder = Path.Combine(Path.GetTempPath(), $"millrace-distribution-{Environment.ProcessId}-{Guid.CreateVersion7():N}");
        UnixFiles.CreateOpenFolder(folder);
        var home = new PostgresHome(Programs ?? throw new InvalidOperationException(Missing), Path.Combine(folder, "data"), account);
        UnixFiles.CreatePrivateFolder(home.Data);
        if (account is not null)
        {
            NativeMethods.Own(home.Data, account.UserId, account.GroupId);
        }

        await RunAsync(home, "initdb", "-D", home.Data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync");
        var port = FreePort();
        var settings = $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off -c max_connections=300";
        await RunAsync(home, "pg_ctl", "start", "-w", "-D", home.Data, "-o", settings, "-l", Path.Combine(home.Data, "log"));
        return new DistributionServer(home, new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = "postgres", Database = "postgres" }.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync(home, "pg_ctl", "stop", "-m", "immediate", "-D", home.Data);
        Directory.Delete(home.Parent, recursive: true);
    }

    private static Task<string> RunAsync(PostgresHome home, string program, params string[] arguments) =>
        InstallCommand.RunAsync(home.AsItsUser(program, arguments), Patience, "See the log in the data folder.", TimeProvider.System, CancellationToken.None);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
