using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Millrace.Local;

namespace Millrace.Tests.Support;

/// <summary>The local host as a process of its own, which may be killed, or kill itself at a numbered checkpoint.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    /// <summary>128 + SIGKILL, as .NET reports a process that was killed.</summary>
    internal const int Killed = 137;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("millrace-process-");
    private readonly ConcurrentQueue<string> errors = new();
    private readonly Process process;

    private HostProcess(Process process) => this.process = process;

    internal HttpClient Client { get; private set; } = new();

    /// <summary>What it said on standard error, for a test that fails.</summary>
    internal string Errors => string.Join('\n', errors);

    /// <param name="place">Where it works.</param>
    /// <param name="killAt">The checkpoint at which it kills itself; 0 for none.</param>
    internal static Task<HostProcess> StartAsync(Place place, int killAt = 0) =>
        StartAsync(place, killAt, typeof(LocalOptions).Assembly.Location, "--port", "0", "--data");

    /// <summary>A host with the handlers of <see cref="ChildHost"/>.</summary>
    internal static Task<HostProcess> StartChildAsync(Place place) => StartAsync(place, 0, typeof(ChildHost).Assembly.Location, ChildHost.Word);

    private static async Task<HostProcess> StartAsync(Place place, int killAt, params string[] program)
    {
        var process = new Process { StartInfo = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true } };
        var host = new HostProcess(process);
        foreach (var argument in program.Append(host.data.FullName))
        {
            process.StartInfo.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in PipelineSettings.For(place))
        {
            process.StartInfo.Environment[name] = value;
        }

        process.StartInfo.Environment["MILLRACE_KILL_AT"] = killAt.ToString(CultureInfo.InvariantCulture);
        process.ErrorDataReceived += (_, line) => host.errors.Enqueue(line.Data ?? string.Empty);
        process.Start();
        process.BeginErrorReadLine();
        await host.UntilReadyAsync().WaitAsync(StartTimeout, TimeProvider.System);
        return host;
    }

    internal void Kill() => process.Kill();

    internal bool HasExited => process.HasExited;

    /// <summary>What the kernel says of it, for a test that fails: a process that waits to be reaped has ended, whatever <see cref="HasExited"/> says.</summary>
    internal string KernelState => File.Exists($"/proc/{process.Id}/status")
        ? File.ReadLines($"/proc/{process.Id}/status").First(static line => line.StartsWith("State:", StringComparison.Ordinal))
        : "not in /proc";

    /// <summary>Returns once the process has died of SIGKILL, by whoever's hand.</summary>
    internal async Task UntilKilledAsync()
    {
        await process.WaitForExitAsync(Place.Cancellation).WaitAsync(StartTimeout, TimeProvider.System);
        Assert.True(process.ExitCode == Killed, $"It ended with {process.ExitCode}.\n{Errors}");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
        data.Delete(recursive: true);
    }

    private async Task UntilReadyAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("ready http://", StringComparison.Ordinal))
            {
                Client = new HttpClient { BaseAddress = new Uri(line["ready ".Length..] + "/") };
                return;
            }
        }

        // It died before it was ready: a checkpoint may lie that early. There is no one to talk to.
    }
}
