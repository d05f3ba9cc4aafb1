using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Millrace.Local.Hosting.Discovery;
using Millrace.Local.Hosting.Http;
using Millrace.Local.Hosting.Invocation;
using Millrace.Local.Hosting.Keys;
using Millrace.Local.Hosting.Queues;
using Millrace.Local.Hosting.Settings;
using Millrace.Local.Hosting.Timers;

namespace Millrace.Local.Hosting;

/// <summary>Reads, checks and assembles a host; nothing runs yet.</summary>
internal sealed class FunctionsHostBuilder(FunctionsHostOptions options)
{
    private readonly QueueClients queueClients = new();
    private readonly QueueWakes wakes = new();

    public BuiltHost Build()
    {
        var findings = new StartFindings();
        var settings = HostSettings.Read(options, findings);
        var descriptors = new FunctionScanner(settings.App, settings.Host, findings).Scan(FunctionTypes());
        CheckOptions(findings);
        findings.ThrowIfFaulty();

        var (app, worker) = BuildApp(settings);
        var stopping = new CancellationTokenSource();
        var environment = new InvocationEnvironment(app.Services, settings.Host.FunctionTimeout, options.TimeProvider, stopping.Token);
        var pipeline = FunctionPipeline.Build(worker.Middleware, environment, new InvocationTally());
        var instances = new InstanceFactory(worker.Services);
        var functions = descriptors.Select(descriptor => new CompiledFunction(descriptor, instances)).ToList();

        var loggers = app.Services.GetRequiredService<ILoggerFactory>();
        var outputs = new QueueOutputSender(queueClients, wakes, settings.Host.Queues);
        var listeners = new ListenerGroup(
            [.. Queues(functions, settings, pipeline, outputs, loggers), .. Timers(functions, settings, pipeline, outputs, loggers)],
            options.TimeProvider,
            loggers.CreateLogger<ListenerGroup>());
        var control = new HostControl(
            settings.HostId(options.Folder), functions, pipeline, outputs, listeners, loggers.CreateLogger<HostControl>());
        var http = options.Port is null ? null : Http(app, functions, settings, pipeline, control, loggers);
        return new BuiltHost(app, settings, control, listeners, pipeline.Tally, stopping, http, findings.Warnings);
    }

    private IEnumerable<Type> FunctionTypes() => options.FunctionTypes.Concat(options.FunctionAssembly?.GetTypes() ?? []);

    private void CheckOptions(StartFindings findings)
    {
        var locks = options.TimerLocks;
        if (locks.Lease < TimeSpan.FromSeconds(15) || locks.Lease > TimeSpan.FromSeconds(60) || locks.Renew >= locks.Lease || locks.Renew <= TimeSpan.Zero
            || locks.Retry <= TimeSpan.Zero)
        {
            findings.Fault("The timer locks cannot work: choose a lease of 15 to 60 seconds, a shorter renewal and a positive retry.");
        }
    }

    private (IHost App, WorkerApplicationBuilder Worker) BuildApp(HostSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = settings.EnvironmentName, ContentRootPath = Path.GetFullPath(options.Folder) });
        builder.Configuration.AddInMemoryCollection(settings.App.Values.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.AddConfiguration(settings.HostJsonText.GetSection("logging"));
        (options.ConfigureLogging ?? LogToConsole)(builder.Logging);
        builder.Services.AddRouting();
        builder.Services.AddSingleton(new DiagnosticListener("Microsoft.AspNetCore")); // Wanted by the router.
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.ConfigureContainer(new DefaultServiceProviderFactory(
            new ServiceProviderOptions { ValidateScopes = builder.Environment.IsDevelopment(), ValidateOnBuild = builder.Environment.IsDevelopment() }));
        var worker = new WorkerApplicationBuilder(builder.Services);
        options.Configure(worker, builder.Configuration);
        return (builder.Build(), worker);
    }

    private static void LogToConsole(ILoggingBuilder logging) => logging.AddSimpleConsole(console => console.SingleLine = true);

    private IEnumerable<IListener> Queues(
        List<CompiledFunction> functions, HostSettings settings, FunctionPipeline pipeline, QueueOutputSender outputs, ILoggerFactory loggers)
    {
        foreach (var function in functions.Where(function => !function.Descriptor.IsDisabled))
        {
            if (function.Descriptor.Trigger is QueueTriggerSource source)
            {
                var queue = queueClients.For(source.ConnectionString, source.QueueName);
                var poison = PoisonRules.PoisonQueueOf(source.QueueName) is { } name ? queueClients.For(source.ConnectionString, name) : null;
                var processor = new QueueMessageProcessor(
                    function, queue, poison, pipeline, outputs, settings.Host.Queues, loggers.CreateLogger<QueueMessageProcessor>());
                yield return new QueueListener(
                    source, queue, processor, wakes, settings.Host.Queues, options.TimeProvider, loggers.CreateLogger<QueueListener>());
            }
        }
    }

    private IEnumerable<IListener> Timers(
        List<CompiledFunction> functions, HostSettings settings, FunctionPipeline pipeline, QueueOutputSender outputs, ILoggerFactory loggers)
    {
        var timers = functions.Where(function => function.Descriptor is { IsDisabled: false, Trigger: TimerTriggerSource }).ToList();
        if (timers.Count == 0 || !settings.App.TryGetConnection(null, out var connection))
        {
            return [];
        }

        var store = options.TimerStore ?? new BlobTimerStore(connection, settings.HostId(options.Folder));
        return timers.Select(function => new TimerListener(
            function.Name,
            new TimerRun(function, pipeline, outputs, store, loggers.CreateLogger<TimerRun>()),
            store,
            options.TimerLocks,
            options.TimeProvider,
            loggers.CreateLogger<TimerListener>()));
    }

    private BuiltHttp Http(
        IHost app, List<CompiledFunction> functions, HostSettings settings, FunctionPipeline pipeline, HostControl control, ILoggerFactory loggers)
    {
        var triggered = functions.Where(function => function.Descriptor.Trigger is HttpTriggerSource).ToList();
        var address = options.Address ?? settings.LocalFile.HttpAddress ?? IPAddress.Loopback;
        var isAuthOn = options.EnableAuth || !IPAddress.IsLoopback(address);
        var keys = new KeyRing(
            isAuthOn,
            isAuthOn ? new KeyStore(options.DataDirectory).Load(options.Keys, triggered.Select(function => function.Name)) : options.Keys);
        var limit = new RequestLimit(settings.Host.MaxOutstandingRequests);
        var accessor = app.Services.GetService<IHttpContextAccessor>();
        var logger = loggers.CreateLogger<HttpFunctionEndpoint>();
        var endpoints = triggered.Select(function => (
            (HttpTriggerSource)function.Descriptor.Trigger,
            (RequestDelegate)new HttpFunctionEndpoint(function, pipeline, keys, limit, accessor, logger).HandleAsync));
        var cors = settings.LocalFile.Cors is { } origins ? new CorsPolicy(origins) : null;
        var front = new HttpPipeline(new AdminApi(keys, control), settings.App, cors).Build(app.Services, endpoints);
        var port = options.Port == FunctionsHostOptions.DefaultPort ? settings.LocalFile.HttpPort ?? options.Port.Value : options.Port!.Value;
        return new BuiltHttp(front, address, port, new HttpServerServices(app.Services, loggers, settings.App));
    }
}
