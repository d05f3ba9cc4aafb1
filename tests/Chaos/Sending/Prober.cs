using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Hosting;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Sending;

/// <summary>
/// Sends one quick task four times a second into a queue of its own, from the first moment of a try to its last; and one a second into a queue that nobody has
/// heard of, which needs a pass, a ticket and its message, where the other is mostly taken by an executor that waits for more.
/// </summary>
internal sealed class Prober : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private const int ColdOnceIn = 4;

    private readonly Fleet fleet;
    private readonly Sender sender;
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
            for (var tick = 0; await timer.WaitForNextTickAsync(over.Token); tick++)
            {
                sent.RemoveAll(static one => one.IsCompletedSuccessfully);
                sent.Add(SendAsync(new(SentTask.ProbeQueue, 1)));
                if (tick % ColdOnceIn == 0)
                {
                    sent.Add(SendAsync(new(string.Create(CultureInfo.InvariantCulture, $"{SentTask.ProbeQueue}-{tick}"), 1)));
                }
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sent);
        }
    }

    /// <summary>A refused connection is no refusal of the pipeline: the caller of a dead host goes to the next.</summary>
    private async Task SendAsync(Order probe)
    {
        var body = Sender.Body(probe, 1);
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
                    sender.Remember(new(id, probe.Queue, probe.Type, probe.MaxRetries, sentAt, at, at));
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
