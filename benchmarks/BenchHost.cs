using System.Diagnostics;
using System.Globalization;
using Millrace.Local.Services;

namespace Millrace.Benchmarks;

/// <summary>A Millrace host in a process of its own, as users run it.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private bool isDisposed;

    private BenchHost(Process process, Uri url)
    {
        Process = process;
        Url = url;
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = url, Timeout = TimeSpan.FromMinutes(10) };
    }

    internal Process Process { get; }

    internal Uri Url { get; }

    internal HttpClient Client { get; }

    /// <param name="servers">Storage and Redis are theirs.</param>
    /// <param name="postgres">A connection string.</param>
    /// <param name="data">The host's own folder.</param>
    /// <param name="settings">Beside those of the servers.</param>
    /// <param name="cancellation">Ends the wait.</param>
    internal static async Task<BenchHost> StartAsync(
        ServerSet servers, string postgres, string data, IReadOnlyDictionary<string, string>? settings, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet");
        start.Environment["MILLRACE_POSTGRES"] = postgres;
        start.Environment["AzureWebJobsStorage"] = servers.StorageConnectionString;
        start.Environment["MILLRACE_REDIS"] = servers.RedisConnectionString;
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return await StartAsync(start, [Path.Combine(AppContext.BaseDirectory, "Millrace.Local.dll"), "--port", "0", "--data", data], cancellation);
    }

    internal static async Task<BenchHost> StartAsync(ProcessStartInfo start, string[] arguments, CancellationToken cancellation)
    {
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, line) => Tell(line.Data);
        process.BeginErrorReadLine();
        try
        {
            return new BenchHost(process, await ReadyAsync(process, cancellation));
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }

    /// <summary>Ends it in order. A process that was started in the background may be deaf to Ctrl-C.</summary>
    internal async Task StopAsync()
    {
        using var signal = Process.Start("pkill", ["-TERM", "-P", Text(Process.Id)]);
        using var own = Process.Start("kill", ["-TERM", Text(Process.Id)]);
        await Process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await DisposeAsync();
    }

    /// <summary>Ends it at once, as a crash does, where it has not ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        Client.Dispose();
        Process.Kill(entireProcessTree: true);
        await Process.WaitForExitAsync();
        Process.Dispose();
    }

    /// <summary>A bar lets tasks fail, and each is a line.</summary>
    private static void Tell(string? line)
    {
        if (line is not null && !line.Contains("warn: Millrace.Execute.AttemptRunner", StringComparison.Ordinal))
        {
            Console.Error.WriteLine(line);
        }
    }

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static async Task<Uri> ReadyAsync(Process process, CancellationToken cancellation)
    {
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("ready http", StringComparison.Ordinal))
            {
                return new Uri(line["ready ".Length..] + "/");
            }
        }

        throw new InvalidOperationException("The host ended before it was ready; its reason stands above.");
    }
}
