using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Local.Hosting.Settings;

namespace Millrace.Local.Hosting.Http;

/// <summary>Kestrel on one address. A taken port is stepped over, and said.</summary>
internal sealed partial class HttpServer : IAsyncDisposable
{
    private const int PortsTried = 20;
    private const long DefaultBodyLimit = 104_857_600;

    /// <summary>
    /// A request goes on with the thread that received it, which saves waking two others. That thread is the pool's, not the one that polls all sockets: a
    /// function that blocks costs one thread, as it would elsewhere.
    /// </summary>
    private static readonly SocketTransportOptions Transport = new() { UnsafePreferInlineScheduling = true };

    private readonly KestrelServer server;

    private HttpServer(KestrelServer server, Uri address)
    {
        this.server = server;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<HttpServer> StartAsync(
        RequestDelegate pipeline, IPAddress address, int port, HttpServerServices services, CancellationToken cancellation)
    {
        var last = port == 0 ? 0 : Math.Min(port + PortsTried - 1, IPEndPoint.MaxPort);
        for (var candidate = port; candidate <= last; candidate++)
        {
            var server = Create(address, candidate, services);
            try
            {
                await server.StartAsync(new HttpFront(pipeline), cancellation);
            }
            catch (IOException exception) when (exception.InnerException is AddressInUseException && candidate < last)
            {
                server.Dispose();
                continue;
            }

            if (candidate != port)
            {
                LogPortTaken(services.Loggers.CreateLogger<HttpServer>(), port, candidate);
            }

            return new HttpServer(server, new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()));
        }

        throw new FunctionsHostException($"Ports {port} to {last} of {address} are all taken: choose another port, or 0 for any free one.");
    }

    public Task StopAsync(CancellationToken cancellation) => server.StopAsync(cancellation);

    public ValueTask DisposeAsync()
    {
        server.Dispose();
        return ValueTask.CompletedTask;
    }

    private static KestrelServer Create(IPAddress address, int port, HttpServerServices services)
    {
        var options = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = services.Provider };
        options.Limits.MaxRequestBodySize = BodyLimit(services.Settings);
        options.Listen(address, port);
        return new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(Transport), services.Loggers),
            services.Loggers);
    }

    private static long BodyLimit(AppSettings settings) =>
        long.TryParse(settings["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"], out var limit) && limit > 0 ? limit : DefaultBodyLimit;
}
