using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Millrace.Functions;
using Millrace.Handlers;
using Millrace.Local.Hosting;
using Millrace.Tests.Local.Hosting;

namespace Millrace.Tests.Support;

/// <summary>The whole app in this process, with its real triggers and a handler that does what a test says.</summary>
internal sealed class PipelineHost : IAsyncDisposable
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("millrace-pipeline-");

    private FunctionsHost host = null!;

    private PipelineHost()
    {
    }

    internal HttpClient Client { get; private set; } = null!;

    internal Scripts Scripts { get; private set; } = new();

    internal LogProbe Log { get; } = new();

    internal IServiceProvider Services => host.Services;

    internal static async Task<PipelineHost> StartAsync(
        Place place, IReadOnlyDictionary<string, string>? settings = null, Scripts? scripts = null,
        Func<FunctionsHostOptions, FunctionsHostOptions>? change = null)
    {
        var pipeline = new PipelineHost();
        pipeline.Scripts = scripts ?? pipeline.Scripts;

        // A folder of its own, so that nobody's local.settings.json has a say in it.
        File.Copy(Path.Combine(Checkout.Root, "host.json"), Path.Combine(pipeline.data.FullName, "host.json"));
        var options = pipeline.Options(place, settings);
        pipeline.host = await FunctionsHost.StartAsync(change?.Invoke(options) ?? options, CancellationToken.None);
        pipeline.Client = new HttpClient { BaseAddress = pipeline.host.BaseUrl };
        return pipeline;
    }

    /// <summary>As at SIGTERM.</summary>
    internal Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.DisposeAsync();
        data.Delete(recursive: true);
    }

    private FunctionsHostOptions Options(Place place, IReadOnlyDictionary<string, string>? changes)
    {
        var settings = PipelineSettings.For(place);
        foreach (var (name, value) in changes ?? new Dictionary<string, string>())
        {
            settings[name] = value;
        }

        return new FunctionsHostOptions
        {
            FunctionAssembly = typeof(MillraceApp).Assembly,
            Folder = data.FullName,
            Environment = settings,
            Configure = (builder, configuration) =>
            {
                MillraceApp.Configure(builder, configuration);
                builder.Services.AddSingleton(Scripts).AddTaskHandler<ScriptedHandler>("scripted", ServiceLifetime.Singleton);
            },
            ConfigureLogging = logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(Log),
            Port = 0,
            DataDirectory = data.FullName,
            TimerLocks = new() { Lease = TimeSpan.FromSeconds(15), Renew = TimeSpan.FromSeconds(5), Retry = TimeSpan.FromSeconds(1) },
            DrainTimeout = TimeSpan.FromSeconds(20),
        };
    }
}
