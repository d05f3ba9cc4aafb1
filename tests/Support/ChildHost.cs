using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Millrace.Functions;
using Millrace.Handlers;
using Millrace.Local.Hosting;

namespace Millrace.Tests.Support;

/// <summary>The app in a process of its own, with a handler that kills the process.</summary>
internal static class ChildHost
{
    /// <summary>The test program's argument that makes it such a host.</summary>
    internal const string Word = "--child-host";

    internal static async Task<int> RunAsync(string data)
    {
        File.Copy(Path.Combine(Checkout.Root, "host.json"), Path.Combine(data, "host.json"));
        await using var host = await FunctionsHost.StartAsync(
            new FunctionsHostOptions
            {
                FunctionAssembly = typeof(MillraceApp).Assembly,
                Folder = data,
                Configure = static (builder, configuration) =>
                {
                    MillraceApp.Configure(builder, configuration);
                    builder.Services.AddTaskHandler<KillingHandler>("kill", ServiceLifetime.Singleton);
                },
                ConfigureLogging = static logging => logging.AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace),
                Port = 0,
                DataDirectory = data,

                // A host that dies may take the wake that heals its ticket along; the next one's timers heal it then.
                TimerLocks = TimerLockOptions.Quick,
            },
            CancellationToken.None);
        await Console.Out.WriteLineAsync($"ready {host.BaseUrl!.ToString().TrimEnd('/')}");
        await host.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    }
}
