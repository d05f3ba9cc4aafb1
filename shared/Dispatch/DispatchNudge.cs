using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Millrace.Redis;

namespace Millrace.Dispatch;

/// <summary>
/// After a submission: a dispatch pass of its queue at once, shared by all submissions that arrive while it waits or runs. A few passes run at a time, each
/// for all queues that wait. Owns them and ends them when the process does; the timer makes up for a pass that failed.
/// </summary>
internal sealed partial class DispatchNudge : IAsyncDisposable
{
    /// <summary>While one pass waits for the storage account, the others go on.</summary>
    internal const int PassesAtOnce = 3;

    /// <summary>Queues of one submission that do not wait for anybody. Of one that fills more all wait until there is room for more tickets.</summary>
    internal const int FewTogether = 16;

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationToken stopped;
    private readonly TaskDispatcher dispatcher;
    private readonly RedisSignal signal;
    private readonly TimeProvider clock;
    private readonly ILogger<DispatchNudge> log;
    private readonly PassLine line;
    private readonly DueSoon soon;
    private readonly Lazy<Task> passes;

    public DispatchNudge(TaskDispatcher dispatcher, RedisSignal signal, TimeProvider clock, ILogger<DispatchNudge> log)
    {
        (this.dispatcher, this.signal, this.clock, this.log) = (dispatcher, signal, clock, log);
        stopped = stop.Token;
        line = new(clock);
        soon = new(NudgeBehind, clock, stopped);
        passes = new(() => Task.WhenAll(Enumerable.Range(0, PassesAtOnce).Select(n => Task.Run(() => PassUntilStoppedAsync(withMany: n == 0)))));
    }

    /// <summary>Queues of which anything is remembered.</summary>
    internal int Remembered => line.Count;

    /// <summary>Returns at once. Hot executors hear of the work, and a pass begins or will be repeated.</summary>
    internal void Nudge(string queueName)
    {
        signal.Publish(RedisKeys.WorkTopic(queueName));
        line.Ask(queueName, PassLine.Pause);
        Begin();
    }

    /// <summary>The same for what nobody has sent just now: while many passes wait, it waits behind what was.</summary>
    internal void NudgeBehind(string queueName)
    {
        signal.Publish(RedisKeys.WorkTopic(queueName));
        Pass(queueName);
    }

    /// <summary>The same for several queues, each named once.</summary>
    internal void Nudge(IReadOnlyCollection<string> queueNames)
    {
        foreach (var queueName in queueNames)
        {
            signal.Publish(RedisKeys.WorkTopic(queueName));
            line.Ask(queueName, PassLine.Pause, isOneOfMany: queueNames.Count > FewTogether);
        }

        Begin();
    }

    /// <summary>A pass begins, or will be repeated, behind what was sent just now. Nobody else hears of it.</summary>
    internal void Pass(string queueName)
    {
        Ask(queueName, PassLine.Pause);
    }

    /// <summary>Something of the queue is due after <paramref name="delay"/>: a pass plans its wake; what is due soon does not wait for that.</summary>
    internal void NudgeLater(string queueName, TimeSpan delay)
    {
        Ask(queueName, PassLine.PauseOfWakes);
        soon.Add(queueName, delay);
    }

    /// <summary>Another pass once the mark of a hungry executor is over, whoever made the pass that met it.</summary>
    internal void PassAfterHunger(string queueName, TimeSpan hungryFor)
    {
        Ask(queueName, hungryFor + PassLine.AfterHunger);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await soon.Stopped;
        await (passes.IsValueCreated ? passes.Value : Task.CompletedTask);
        stop.Dispose();
    }

    private void Ask(string queueName, TimeSpan pause)
    {
        line.Ask(queueName, pause, isOneOfMany: line.IsLong);
        Begin();
    }

    private void Begin()
    {
        changed.Writer.TryWrite(true);
        _ = passes.Value;
    }

    private async Task PassUntilStoppedAsync(bool withMany)
    {
        while (!stopped.IsCancellationRequested)
        {
            var mayTakeMany = withMany && line.ManyWait && await HasRoomAsync();
            var turns = line.Take(TaskDispatcher.QueuesAtOnce, mayTakeMany);
            if (turns.Count == 0)
            {
                var rest = line.UntilNext(mayTakeMany);
                await WaitAsync(withMany && line.ManyWait && !(rest < TaskDispatcher.BetweenLooks) ? TaskDispatcher.BetweenLooks : rest);
                continue;
            }

            // What is left is for another.
            changed.Writer.TryWrite(true);
            await PassAsync(turns);
            line.End(turns);
        }
    }

    private async Task PassAsync(IReadOnlyList<QueueTurn> turns)
    {
        try
        {
            await dispatcher.DispatchManyAsync(turns, stopped);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // The process ends; what is due stays due.
        }
        catch (Exception exception)
        {
            LogFailed(exception, turns.Count, turns[0].QueueName);
        }
    }

    private async Task<bool> HasRoomAsync()
    {
        try
        {
            return await dispatcher.HasRoomAsync(stopped);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            LogNoAnswer(exception.Message);
            await Task.Delay(AfterFailure, clock, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }
    }

    /// <summary>Until somebody asks for a pass, or for as long as it is said.</summary>
    private async Task WaitAsync(TimeSpan? longest)
    {
        using var limit = new CancellationTokenSource(longest ?? LongestRest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopped);
        try
        {
            await changed.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // It is time to look, or to end.
        }
    }

    [LoggerMessage(2001, LogLevel.Warning, "The dispatch pass of {Count} queues, {Queue} and others, failed; the timer will repeat it")]
    private partial void LogFailed(Exception exception, int count, string queue);

    [LoggerMessage(2004, LogLevel.Warning, "It is not known whether there is room for more tickets: {Reason}")]
    private partial void LogNoAnswer(string reason);
}
