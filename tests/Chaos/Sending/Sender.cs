using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Hosting;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Sending;

/// <summary>
/// Sends over HTTP to whichever executor answers, and remembers by itself what was answered. What has no answer is sent again under
/// the same key until it has one.
/// </summary>
internal sealed class Sender(Fleet fleet)
{
    private const int ItemsAtOnce = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<SentTask> accepted = new();
    private readonly ConcurrentQueue<CancelAnswer> cancelled = new();
    private readonly ConcurrentDictionary<Guid, bool> cancelsAsked = new();
    private readonly ConcurrentQueue<PauseSpan> paused = new();
    private readonly ConcurrentDictionary<string, long> pausedSince = new();

    internal IReadOnlyList<SentTask> Accepted => [.. accepted];

    internal IReadOnlyList<CancelAnswer> Cancelled => [.. cancelled];

    internal IReadOnlySet<Guid> CancelsAsked => cancelsAsked.Keys.ToHashSet();

    internal IReadOnlyList<PauseSpan> Paused => [.. paused];

    /// <returns>The tasks, in the order in which they were accepted.</returns>
    internal async Task<IReadOnlyList<SentTask>> SendAsync(Order order, CancellationToken cancellation)
    {
        var sent = new List<SentTask>();
        foreach (var chunk in Enumerable.Range(0, order.Count).Chunk(ItemsAtOnce))
        {
            sent.AddRange(await SendChunkAsync(order, chunk.Length, cancellation));
        }

        return sent;
    }

    /// <returns>Whether it was answered with 200: the task has ended.</returns>
    internal async Task<bool> CancelAsync(Guid task, CancellationToken cancellation)
    {
        cancelsAsked[task] = true;
        using var answer = await AskAsync(client => client.PostAsync($"api/v1/tasks/{task}/cancel", null, cancellation), cancellation);
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            cancelled.Enqueue(new(task, Monotonic.Now));
        }

        return answer.StatusCode == HttpStatusCode.OK;
    }

    internal async Task PauseAsync(string queue, CancellationToken cancellation)
    {
        using var answer = await AskAsync(client => client.PostAsync($"api/v1/queues/{queue}/pause", null, cancellation), cancellation);
        answer.EnsureSuccessStatusCode();
        pausedSince[queue] = Monotonic.Now;
    }

    internal async Task ResumeAsync(string queue, CancellationToken cancellation)
    {
        var until = Monotonic.Now;
        using var answer = await AskAsync(client => client.PostAsync($"api/v1/queues/{queue}/resume", null, cancellation), cancellation);
        answer.EnsureSuccessStatusCode();
        paused.Enqueue(new(queue, pausedSince[queue], until));
    }

    /// <summary>Moves what waits in a queue, as a bulk action. Whoever carries it out may die; it is a task like any other.</summary>
    internal async Task MoveAsync(string from, string to, CancellationToken cancellation)
    {
        var order = $$"""{"action": "move", "queue_name": "{{to}}", "filters": {"queue_name": "{{from}}"} }""";
        using var answer = await AskAsync(
            client => client.PostAsync("api/v1/search/tasks/bulk-action", new StringContent(order, Encoding.UTF8, "application/json"), cancellation), cancellation);
        answer.EnsureSuccessStatusCode();
    }

    internal async Task<LedgerAnswer> VerifyAsync(CancellationToken cancellation)
    {
        using var answer = await AskAsync(client => client.GetAsync("api/v1/verify", cancellation), cancellation);
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadAsStringAsync(cancellation);
        return JsonSerializer.Deserialize(body, SendingJson.Default.LedgerAnswer)!;
    }

    /// <summary>What the prober sends is remembered here, too.</summary>
    internal void Remember(SentTask task) => accepted.Enqueue(task);

    private async Task<IEnumerable<SentTask>> SendChunkAsync(Order order, int count, CancellationToken cancellation)
    {
        var body = Body(order, count);
        var key = Guid.CreateVersion7().ToString();
        var sentAt = Monotonic.Now;
        using var answer = await AskAsync(client => PostAsync(client, body, key, cancellation), cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        if (answer.StatusCode != HttpStatusCode.MultiStatus)
        {
            throw new InvalidOperationException($"Tasks were answered with {(int)answer.StatusCode}: {text}");
        }

        var at = Monotonic.Now;
        var due = at + (long)(order.DelaySeconds * Monotonic.Second);
        var tasks = JsonSerializer.Deserialize(text, SendingJson.Default.ManyAnswer)!.Items.Where(static item => item.Status is 200 or 202)
            .Select(item => new SentTask(item.Id!.Value, order.Queue, order.Type, order.MaxRetries, sentAt, at, due)).ToList();
        tasks.ForEach(accepted.Enqueue);
        return tasks;
    }

    internal static byte[] Body(Order order, int count) => JsonSerializer.SerializeToUtf8Bytes(
        [.. Enumerable.Repeat(new OrderedTask(order.Type, order.Queue, order.Data, order.MaxRetries, order.Priority, order.DelaySeconds, 0.1), count)],
        SendingJson.Default.OrderedTaskArray);

    internal static async Task<HttpResponseMessage> PostAsync(HttpClient client, byte[] body, string key, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/tasks") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("Idempotency-Key", key);
        return await client.SendAsync(request, cancellation);
    }

    /// <summary>Asks one executor after another until one has an answer that is not "later".</summary>
    private async Task<HttpResponseMessage> AskAsync(Func<HttpClient, Task<HttpResponseMessage>> ask, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        var last = "no executor was usable";
        for (var turn = 0; TimeProvider.System.GetElapsedTime(began) < Patience; turn++)
        {
            var usable = fleet.Usable;
            if (usable.Count > 0)
            {
                try
                {
                    var answer = await ask(usable[turn % usable.Count].Client!);
                    if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests))
                    {
                        return answer;
                    }

                    last = $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}";
                    answer.Dispose();
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException && !cancellation.IsCancellationRequested)
                {
                    last = exception.Message;
                }
            }

            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }

        throw new InvalidOperationException($"No executor answered within {Patience.TotalSeconds:0} s. The last word was: {last}");
    }
}
