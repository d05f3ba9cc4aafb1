using Millrace.Local.Demo;
using Millrace.Local.Hosting;
using Millrace.Local.Hosting.Keys;
using Millrace.Local.Services;
using Npgsql;
using Spectre.Console;

namespace Millrace.Local;

/// <summary>From the flags to the last goodbye.</summary>
internal static class LocalProgram
{
    /// <summary>What an orderly stop may take: a drain, the servers' last writes.</summary>
    internal static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(2);

    /// <returns>The process's exit code.</returns>
    internal static async Task<int> RunAsync(string root, LocalOptions options, CancellationToken cancellation)
    {
        // Signals are listened for once this method has returned for the first time, and that must be before anything is started.
        await Task.Yield();
        try
        {
            DemoFlags.Check(options);
            await using var local = await LocalHost.StartAsync(root, options, Console.Error.WriteLine, cancellation);
            if (options.Demo)
            {
                return await DemoAsync(local, options, cancellation);
            }

            await SayReadyAsync(local.Host, options);
            await local.Host.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception exception) when (exception is ServerException or FunctionsHostException or InvalidOperationException or NpgsqlException
            or Microsoft.Extensions.Options.OptionsValidationException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <summary>The demo, or what there is of it when the process is asked to end: the host then stops in order all the same.</summary>
    private static async Task<int> DemoAsync(LocalHost local, LocalOptions options, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asked = local.Host.WaitForShutdownAsync(stop.Token);
        var screen = new DemoScreen(AnsiConsole.Console, TimeProvider.System);
        var demo = new FlightDemo(local, options, screen, TimeProvider.System).RunAsync(stop.Token);
        await Task.WhenAny(asked, demo);
        await stop.CancelAsync();
        try
        {
            return await demo;
        }
        catch (OperationCanceledException)
        {
            screen.Warn("The demo was stopped. Start it again: it goes on where it stands.");
            return 130;
        }
    }

    private static async Task SayReadyAsync(FunctionsHost host, LocalOptions options)
    {
        if (host.BaseUrl is not { } url)
        {
            await Console.Out.WriteLineAsync("ready");
            return;
        }

        var key = new KeyStore(options.Data).Load(new FunctionKeys(), []).Host.Values.First();
        await Console.Error.WriteLineAsync($$$"""

            Millrace runs at {{{url}}}  (Ctrl-C stops it)
            Key: {{{key}}}{{{(options.EnableAuth || !url.IsLoopback ? string.Empty : "  (not asked for on loopback without --enable-auth)")}}}
            Try: curl -H 'x-functions-key: {{{key}}}' -H 'Content-Type: application/json' -d '{"type":"echo","data":{"hello":"world"}}' {{{url}}}api/v1/tasks

            """);
        await Console.Out.WriteLineAsync($"ready {url.ToString().TrimEnd('/')}");
    }
}
