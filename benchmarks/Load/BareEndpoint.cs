using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Millrace.Benchmarks.Load;

/// <summary>Kestrel alone: reads the body, stores nothing, answers 202. In a process of its own, like the host.</summary>
internal sealed class BareEndpoint : IAsyncDisposable
{
    internal const string Verb = "bare-endpoint";
    internal const string Name = "endpoint that stores nothing";

    private readonly Process process;

    private BareEndpoint(Process process, Uri url)
    {
        this.process = process;
        Url = url;
    }

    internal Uri Url { get; }

    internal static async Task<BareEndpoint> StartAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(BareEndpoint).Assembly.Location);
        start.ArgumentList.Add(Verb);
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(cancellation);
        return new BareEndpoint(process, new Uri(line!));
    }

    internal static async Task<int> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var answer = new byte[300];
        answer.AsSpan().Fill((byte)'x');
        app.Run(async context =>
        {
            var body = context.Request.BodyReader;
            for (var read = await body.ReadAsync(); ; read = await body.ReadAsync())
            {
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            context.Response.StatusCode = StatusCodes.Status202Accepted;
            context.Response.ContentLength = answer.Length;
            await context.Response.BodyWriter.WriteAsync(answer);
        });
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync();
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
