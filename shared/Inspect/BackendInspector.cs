using Azure;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Views;
using Millrace.Queues;
using Millrace.Redis;
using StackExchange.Redis;

namespace Millrace.Inspect;

/// <summary>Says whether Redis and the storage queues answer this process. No answer takes longer than health may.</summary>
public sealed class BackendInspector
{
    private readonly RedisLink redis;
    private readonly MessageSender queues;
    private readonly InspectOptions options;
    private readonly TimeProvider clock;

    internal BackendInspector(RedisLink redis, MessageSender queues, InspectOptions options, TimeProvider clock)
    {
        this.redis = redis;
        this.queues = queues;
        this.options = options;
        this.clock = clock;
    }

    /// <summary>Redis; 503 when it is configured and does not answer.</summary>
    public async Task<IResult> RedisAsync(CancellationToken cancellation)
    {
        if (!redis.IsConfigured)
        {
            return Answer(new RedisHealthView(HealthRules.Healthy, false), StatusCodes.Status200OK);
        }

        try
        {
            if (redis.Current is { } connected)
            {
                var latency = await connected.GetDatabase().PingAsync().WaitAsync(options.HealthTimeout, clock, cancellation);
                return Answer(
                    new RedisHealthView(HealthRules.Healthy, true) { Reachable = true, LatencyMs = Math.Round(latency.TotalMilliseconds, 2) },
                    StatusCodes.Status200OK);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            // Said below, as when there is no connection.
        }

        return Answer(new RedisHealthView(HealthRules.Unhealthy, true) { Reachable = false }, StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>The storage queues; 503 when they do not answer.</summary>
    public async Task<IResult> StorageAsync(CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        using var timer = new CancellationTokenSource(options.HealthTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            var counts = await queues.CountAsync(either.Token);
            var view = new StorageHealthView(HealthRules.Healthy, true)
            {
                LatencyMs = Math.Round(clock.GetElapsedTime(start).TotalMilliseconds, 2),
                Queues = [.. counts.Select(static c => new StorageQueueView(c.Queue, c.Messages is not null) { Messages = c.Messages })],
            };
            return Answer(view, StatusCodes.Status200OK);
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException
            || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return Answer(new StorageHealthView(HealthRules.Unhealthy, false), StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static JsonAnswer<RedisHealthView> Answer(RedisHealthView view, int status) => new(status, view, ApiJson.Readable.RedisHealthView);

    private static JsonAnswer<StorageHealthView> Answer(StorageHealthView view, int status) => new(status, view, ApiJson.Readable.StorageHealthView);
}
