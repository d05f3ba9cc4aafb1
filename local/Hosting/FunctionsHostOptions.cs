using System.Net;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting;

/// <summary>What the embedded host runs, and where.</summary>
public sealed record FunctionsHostOptions
{
    public const int DefaultPort = 7071;

    /// <summary>Scanned for functions, besides <see cref="FunctionTypes"/>.</summary>
    public Assembly? FunctionAssembly { get; init; }

    public IReadOnlyList<Type> FunctionTypes { get; init; } = [];

    /// <summary>The folder of host.json.</summary>
    public string Folder { get; init; } = AppContext.BaseDirectory;

    /// <summary>Null: <c>functions/local.settings.json</c>, else <c>local.settings.json</c>, below <see cref="Folder"/>.</summary>
    public string? LocalSettingsFile { get; init; }

    /// <summary>Weaker than local.settings.json and the environment.</summary>
    public IReadOnlyDictionary<string, string> DefaultSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Null: the process's environment.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>The app's registration of services and middleware; functions/Program.cs calls the same method.</summary>
    public Action<IFunctionsWorkerApplicationBuilder, IConfiguration> Configure { get; init; } = static (_, _) => { };

    /// <summary>Null: one line per event on the console.</summary>
    public Action<ILoggingBuilder>? ConfigureLogging { get; init; }

    /// <summary>Null: <c>Host.LocalHttpAddress</c>, else loopback.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>0: any free port. Null: no HTTP. The default port gives way to <c>Host.LocalHttpPort</c>; a taken port is stepped over.</summary>
    public int? Port { get; init; } = DefaultPort;

    /// <summary>Demand keys on loopback too. Beyond loopback they are always demanded.</summary>
    public bool EnableAuth { get; init; }

    public FunctionKeys Keys { get; init; } = new();

    /// <summary>Where the generated keys are kept.</summary>
    public string DataDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, ".millrace");

    public TimerLockOptions TimerLocks { get; init; } = new();

    /// <summary>How long a stop waits for the work in flight.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Null: blobs in AzureWebJobsStorage, as on Azure.</summary>
    internal Timers.ITimerStore? TimerStore { get; init; }
}
