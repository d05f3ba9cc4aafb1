using Millrace.Functions;
using Millrace.Local.Demo;
using Millrace.Local.Hosting;
using Millrace.Local.Services;

namespace Millrace.Local;

/// <summary>Servers and host together, for as long as the process runs.</summary>
internal sealed class LocalHost(ServerSet servers, FunctionsHost host) : IAsyncDisposable
{
    internal FunctionsHost Host => host;

    internal ServerSet Servers => servers;

    internal static async Task<LocalHost> StartAsync(string root, LocalOptions options, Action<string> say, CancellationToken cancellation)
    {
        var servers = await ServerSet.StartAsync(
            new ServerOptions
            {
                DataDirectory = options.Data,
                Wanted = LocalSettings.Missing(root),
                Reset = options.Reset,
                Progress = say,
            },
            TimeProvider.System,
            cancellation);
        try
        {
            return new LocalHost(servers, await FunctionsHost.StartAsync(HostOptions(root, options, servers), cancellation));
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await host.DisposeAsync();
        }
        finally
        {
            await servers.DisposeAsync();
        }
    }

    private static FunctionsHostOptions HostOptions(string root, LocalOptions options, ServerSet servers) => new()
    {
        FunctionAssembly = typeof(MillraceApp).Assembly,
        Folder = root,
        DefaultSettings = LocalSettings.Defaults(servers, options),
        Configure = MillraceApp.Configure,
        Port = options.NoHttp ? null : options.Port,
        EnableAuth = options.EnableAuth,
        DataDirectory = options.Data,
        ConfigureLogging = options.Demo ? DemoLogging.Configure : LocalLogging.Configure,
        TimerLocks = TimerLockOptions.Quick,
        DrainTimeout = TimeSpan.FromSeconds(30),
    };
}
