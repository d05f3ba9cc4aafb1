using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Millrace.Local.Hosting;
using Millrace.Local.Hosting.Timers;

namespace Millrace.Tests.Local.Hosting;

/// <summary>A host of a few function classes in a folder of its own, cut off from the process's environment.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("millrace-host-");

    public Dictionary<string, string> Settings { get; } = new() { ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true" };

    public string HostJson { get; set; } = """{ "version": "2.0" }""";

    public string? LocalSettings { get; set; }

    public Action<IFunctionsWorkerApplicationBuilder, IConfiguration> Configure { get; set; } = (_, _) => { };

    public Func<FunctionsHostOptions, FunctionsHostOptions> Change { get; set; } = options => options;

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public LogProbe Log { get; } = new();

    public FunctionsHost Host => Started ?? throw new InvalidOperationException("Start the host first.");

    public HttpClient Client => field ??= new HttpClient { BaseAddress = Host.BaseUrl };

    public string Folder => folder.FullName;

    public ITimerStore? TimerStore { get; set; }

    private FunctionsHost? Started { get; set; }

    public async Task<TestHost> StartAsync(params Type[] functions)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "host.json"), HostJson);
        if (LocalSettings is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(Folder, "local.settings.json"), LocalSettings);
        }

        Started = await FunctionsHost.StartAsync(Change(Options(functions)), TestContext.Current.CancellationToken);
        return this;
    }

    /// <summary>The sentences with which a host refuses these functions.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync(params Type[] functions) =>
        (await Assert.ThrowsAsync<FunctionsHostException>(() => StartAsync(functions))).Faults;

    public async ValueTask DisposeAsync()
    {
        if (Started is not null)
        {
            await Started.DisposeAsync();
        }

        folder.Delete(recursive: true);
    }

    private FunctionsHostOptions Options(Type[] functions) => new()
    {
        FunctionTypes = functions,
        Folder = Folder,
        DataDirectory = Path.Combine(Folder, "data"),
        Environment = Settings,
        Port = 0,
        Configure = (app, configuration) => Configure(app, configuration),
        ConfigureLogging = logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(Log),
        TimeProvider = Time,
        TimerStore = TimerStore,
        DrainTimeout = TimeSpan.FromSeconds(10),
    };
}
