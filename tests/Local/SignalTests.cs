using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Millrace.Local;
using Millrace.Local.Services.Processes;
using Millrace.Tests.Support;

namespace Millrace.Tests.Local;

/// <summary>A process that is asked to end does so in order, however far its start has come.</summary>
public sealed class SignalTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Asked_during_the_start_it_leaves_in_order()
    {
        // A server that takes the connection and never answers holds the start up.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var place = await Place.NewAsync();
        var data = Directory.CreateTempSubdirectory("millrace-signal-");
        using var process = Start(place, data.FullName, $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Timeout=60");
        using var taken = await InTimeAsync(silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask());

        // Killed, it would end with 143 and leave its place in the list of hosts, by which others know whether servers are in use.
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(data.FullName, "hosts")));
        Assert.Equal(130, await EndAsync(process));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(data.FullName, "hosts")));
        data.Delete(recursive: true);
    }

    [Fact]
    public async Task Asked_when_it_is_ready_it_drains_and_ends_well()
    {
        await using var place = await Place.NewAsync();
        var data = Directory.CreateTempSubdirectory("millrace-signal-");
        using var process = Start(place, data.FullName, place.Postgres);
        while (await InTimeAsync(process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask()) is { } line
            && !line.StartsWith("ready http://", StringComparison.Ordinal))
        {
        }

        Assert.Equal(0, await EndAsync(process));
        data.Delete(recursive: true);
    }

    private static Task<T> InTimeAsync<T>(Task<T> task) => task.WaitAsync(Longest, TimeProvider.System);

    private static async Task<int> EndAsync(Process process)
    {
        NativeMethods.Send(process.Id, Signal.Terminate);
        await process.WaitForExitAsync(Place.Cancellation).WaitAsync(Longest, TimeProvider.System);
        return process.ExitCode;
    }

    private static Process Start(Place place, string data, string postgres)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(LocalOptions).Assembly.Location, "--port", "0", "--data", data])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in PipelineSettings.For(place))
        {
            start.Environment[name] = value;
        }

        start.Environment["MILLRACE_POSTGRES"] = postgres;
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        return process;
    }
}
