using Microsoft.Extensions.DependencyInjection;
using Millrace.Functions;
using Millrace.Local;
using Millrace.Local.Hosting;
using Millrace.Tests.Chaos.Handlers;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Hosting;

/// <summary>The whole app in a process of its own, as the local host runs it, with handlers that are witnessed.</summary>
internal static class ChaosHost
{
    /// <summary>The program's argument that makes it such a host. The next one names the folder of its data.</summary>
    internal const string Word = "host";

    /// <summary>Names the folder of the witness in the environment.</summary>
    internal const string WitnessVariable = "MILLRACE_CHAOS_WITNESS";

    /// <summary>What the host says on standard output once it answers, before its address.</summary>
    internal const string Ready = "ready ";

    internal static async Task<int> RunAsync(string data)
    {
        var folder = Environment.GetEnvironmentVariable(WitnessVariable)
            ?? throw new InvalidOperationException($"Set {WitnessVariable} to the folder of the witness. The programme does so by itself.");
        using var witness = new Witness(folder);
        File.Copy(Path.Combine(Repository.Root(), "host.json"), Path.Combine(data, "host.json"), overwrite: true);
        await using var host = await FunctionsHost.StartAsync(Options(data, witness), CancellationToken.None);
        await Console.Out.WriteLineAsync($"{Ready}{host.BaseUrl!.ToString().TrimEnd('/')}");
        await host.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    }

    private static FunctionsHostOptions Options(string data, Witness witness) => new()
    {
        FunctionAssembly = typeof(MillraceApp).Assembly,
        Folder = data,
        Configure = (builder, configuration) =>
        {
            MillraceApp.Configure(builder, configuration);
            builder.Services.AddSingleton(witness).AddWitnessedHandlers();
        },
        ConfigureLogging = LocalLogging.Configure,
        Port = 0,
        DataDirectory = data,
        TimerLocks = TimerLockOptions.Quick,
        DrainTimeout = TimeSpan.FromSeconds(30),
    };
}
