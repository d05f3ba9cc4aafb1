using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Millrace.Local.Services.Install;
using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services;

/// <summary>
/// Garnet, in memory only: what it holds is an accelerator's. Scripts run as transactions on their keys, because Garnet, unlike Redis,
/// lets other commands in between otherwise.
/// </summary>
internal sealed class RedisServer(DataDirectory data, GarnetTool tool) : Server(ServerKind.Redis, "Garnet", 16379, 1)
{
    private const string Memory = "256m";

    // As for the host itself (Millrace.Local.csproj): idle threads that spin, and instrumented code, take the processors from all others.
    private static readonly Dictionary<string, string> Quiet = new()
    {
        ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
        ["DOTNET_TieredPGO"] = "0",
    };

    public override IReadOnlyList<StopStep> StopSteps { get; } =
        [new(Signal.Terminate, TimeSpan.FromSeconds(5)), new(Signal.Kill, TimeSpan.FromSeconds(5))];

    public override Task<ServerCommand> PrepareAsync(int[] ports, CancellationToken cancellation)
    {
        Directory.CreateDirectory(data.Redis);
        string[] arguments =
        [
            "exec", tool.Program, "--port", ports[0].ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
            "--lua", "--lua-transaction-mode", "--memory", Memory,
        ];
        return Task.FromResult(new ServerCommand(Executable.Dotnet(), arguments, data.Redis) { Environment = Quiet });
    }

    public override async Task<bool> AnswersAsync(int[] ports, CancellationToken cancellation)
    {
        // Another program's server on the port would answer too; only ours writes this line into our log.
        if (!LogTail.Begins(data.Log(Kind), "Ready to accept connections"))
        {
            return false;
        }

        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, ports[0], cancellation);
        await using var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray(), cancellation);
        var answer = new byte[5];
        var length = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.ASCII.GetString(answer, 0, length) == "+PONG";
    }

    public override void Wipe() => Remove(data.Redis);
}
