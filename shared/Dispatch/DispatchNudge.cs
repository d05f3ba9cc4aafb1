using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Millrace.Redis;

namespace Millrace.Dispatch;

/// <summary>
/// After a submission: one dispatch pass of its queue at once, shared by all submissions that arrive while it runs. Owns
/// the passes it starts and ends them when the process does; the timer makes up for a pass that failed.
/// </summary>
internal sealed partial class DispatchNudge : IAsyncDisposable
{
    /// <summary>The passes of a stream of submissions need not follow each other so fast: hot executors have their signal.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>A wake cannot be told more exactly, and the one that is planned first is for what is due first.</summary>
    private static readonly TimeSpan PauseOfWakes = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string QueueName, bool Later), PacedWork> passes = new();
    private readonly CancellationTokenSource stop = new();
    private readonly TaskDispatcher dispatcher;
    private readonly RedisSignal signal;
    private readonly TimeProvider clock;
    private readonly ILogger<DispatchNudge> log;
    private readonly DueSoon soon;

    public DispatchNudge(TaskDispatcher dispatcher, RedisSignal signal, TimeProvider clock, ILogger<DispatchNudge> log)
    {
        (this.dispatcher, this.signal, this.clock, this.log) = (dispatcher, signal, clock, log);
        soon = new(Nudge, clock, stop.Token);
    }

    /// <summary>Returns at once. Hot executors hear of the work, and a pass begins or will be repeated.</summary>
    internal void Nudge(string queueName)
    {
        signal.Publish(RedisKeys.WorkTopic(queueName));
        Begin(queueName, later: false);
    }

    /// <summary>Something of the queue is due after <paramref name="delay"/>: a pass plans its wake; what is due soon does not wait for that.</summary>
    internal void NudgeLater(string queueName, TimeSpan delay)
    {
        Begin(queueName, later: true);
        soon.Add(queueName, delay);
    }

    private void Begin(string queueName, bool later) => passes.GetOrAdd((queueName, later), static (key, self) => self.NewPass(key.QueueName, key.Later), this).Ask();

    private PacedWork NewPass(string queueName, bool later) =>
        new(() => Task.Run(() => PassAsync(queueName)), later ? PauseOfWakes : Pause, clock, stop.Token);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await soon.Stopped;
        await Task.WhenAll(passes.Values.Select(static pass => pass.Current));
        stop.Dispose();
    }

    private async Task PassAsync(string queueName)
    {
        try
        {
            await dispatcher.DispatchAsync(queueName, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The process ends; what is due stays due.
        }
        catch (Exception exception)
        {
            LogFailed(exception, queueName);
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "The dispatch pass of queue {Queue} failed; the timer will repeat it")]
    private partial void LogFailed(Exception exception, string queue);
}
