using System.Net.Http.Json;
using Millrace.Local.Hosting;
using Millrace.Local.Hosting.Keys;

namespace Millrace.Local.Demo;

/// <summary>Streams what is left of a run to the host over HTTP, as any other client would.</summary>
internal sealed class FlightSender(FunctionsHost host, LocalOptions options)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <exception cref="InvalidOperationException">The host did not take all of it.</exception>
    internal async Task SendAsync(FlightFile flights, DemoPlan plan, DemoWatch watch, CancellationToken cancellation)
    {
        if (plan.Skip == plan.Total)
        {
            watch.AllSent();
            return;
        }

        using var client = new HttpClient { BaseAddress = host.BaseUrl, Timeout = Timeout };
        using var body = new FlightLines(flights, plan.Run, plan.Skip);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/tasks/bulk") { Content = body };
        request.Headers.Add("x-functions-key", new KeyStore(options.Data).Load(new FunctionKeys(), []).Host.Values.First());
        using var answer = await client.SendAsync(request, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"The host answered {(int)answer.StatusCode} to the flights: {await answer.Content.ReadAsStringAsync(cancellation)} "
                + "Start the demo again: it goes on where it stands.");
        }

        var counts = await answer.Content.ReadFromJsonAsync(DemoJson.Default.BulkView, cancellation);
        if (counts is null || counts.RefusedCount > 0)
        {
            throw new InvalidOperationException($"{counts?.RefusedCount} flights were refused. Is the handler 'flight' registered in MillraceApp?");
        }

        watch.AllSent();
    }
}
