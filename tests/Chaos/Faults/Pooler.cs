using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Millrace.Local.Services.Processes;
using Millrace.Tests.Chaos.Places;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Faults;

/// <summary>PgBouncer in transaction mode between the executors and PostgreSQL. It may be killed and started again on its port.</summary>
internal sealed class Pooler : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Action<ProcessMark> watch;
    private readonly string settings;
    private Process process;

    private Pooler(Action<ProcessMark> watch, string settings, int port)
    {
        (this.watch, this.settings, Port) = (watch, settings, port);
        process = Start();
    }

    internal static string? Program { get; } = Executable.Find("pgbouncer")
        ?? (File.Exists("/usr/sbin/pgbouncer") ? "/usr/sbin/pgbouncer" : null);

    internal int Port { get; }

    /// <param name="postgres">The port of the server.</param>
    /// <param name="watch">Is told of its process.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal static async Task<Pooler> StartAsync(int postgres, Action<ProcessMark> watch, CancellationToken cancellation)
    {
        var port = Ports.Take(1)[0];

        // A place that PgBouncer's user may read, whoever runs the programme.
        var settings = Path.Combine(Path.GetTempPath(), $"millrace-chaos-{Guid.CreateVersion7():N}.ini");
        await File.WriteAllTextAsync(settings, string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            * = host=127.0.0.1 port={postgres} user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            auth_type = any
            pool_mode = transaction
            default_pool_size = 40
            max_client_conn = 1000
            server_login_retry = 1
            unix_socket_dir =
            """), cancellation);
        var pooler = new Pooler(watch, settings, port);
        await pooler.ReadyAsync(cancellation);
        return pooler;
    }

    internal async Task KillAsync(CancellationToken cancellation)
    {
        process.Kill();
        await process.WaitForExitAsync(cancellation);
    }

    internal Task RestartAsync(CancellationToken cancellation)
    {
        process.Dispose();
        process = Start();
        return ReadyAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);
        process.Dispose();
        File.Delete(settings);
    }

    private Process Start()
    {
        string[] arguments = Environment.IsPrivilegedProcess ? ["-q", "-u", "nobody", settings] : ["-q", settings];
        var started = Process.Start(new ProcessStartInfo(Program!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        started.BeginErrorReadLine();
        started.BeginOutputReadLine();
        if (ProcessMark.Of(started.Id) is { } mark)
        {
            watch(mark);
        }

        return started;
    }

    private Task ReadyAsync(CancellationToken cancellation) => World.UntilAsync(
        "PgBouncer answered",
        async () =>
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", Port, cancellation);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        Patience, cancellation);
}
