using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Hosting;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Sending;

/// <summary>Sends one quick task four times a second into a queue of its own, from the first moment of a try to its last.</summary>
internal sealed class Prober : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Order Probe = new(SentTask.ProbeQueue, 1);

    private readonly Fleet fleet;
    private readonly Sender sender;
    private readonly byte[] body = Sender.Body(Probe, 1);
    private readonly ConcurrentQueue<ProbeRefusal> refusals = new();
    private readonly CancellationTokenSource over = new();
    private readonly Task probing;
    private int turn;

    internal Prober(Fleet fleet, Sender sender)
    {
        (this.fleet, this.sender) = (fleet, sender);
        probing = ProbeAsync();
    }

    internal IReadOnlyList<ProbeRefusal> Refusals => [.. refusals];

    /// <summary>Sends no more, and returns when the last answer is there.</summary>
    internal async Task StopAsync()
    {
        await over.CancelAsync();
        await probing;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        over.Dispose();
    }

    private async Task ProbeAsync()
    {
        List<Task> sent = [];
        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(over.Token))
            {
                sent.RemoveAll(static one => one.IsCompletedSuccessfully);
                sent.Add(SendAsync());
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sent);
        }
    }

    /// <summary>A refused connection is no refusal of the pipeline: the caller of a dead host goes to the next.</summary>
    private async Task SendAsync()
    {
        var sentAt = Monotonic.Now;
        var key = Guid.CreateVersion7().ToString();
        var last = "no executor was usable";
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        foreach (var executor in Next())
        {
            try
            {
                using var answer = await Sender.PostAsync(executor.Client!, body, key, limit.Token);
                var text = await answer.Content.ReadAsStringAsync(limit.Token);
                if (answer.StatusCode == HttpStatusCode.MultiStatus
                    && JsonSerializer.Deserialize(text, SendingJson.Default.ManyAnswer)!.Items is [{ Id: { } id, Status: 200 or 202 }])
                {
                    var at = Monotonic.Now;
                    sender.Remember(new(id, Probe.Queue, Probe.Type, Probe.MaxRetries, sentAt, at, at));
                    return;
                }

                last = string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} {text}");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                last = exception.Message;
            }
        }

        refusals.Enqueue(new(sentAt, last));
    }

    private IEnumerable<ExecutorProcess> Next()
    {
        var usable = fleet.Usable;
        var first = turn++;
        return Enumerable.Range(0, usable.Count).Select(n => usable[(first + n) % usable.Count]);
    }
}
