using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace Millrace.Redis;

/// <summary>
/// Counts of the running minute that the dashboard may read without touching PostgreSQL. They are near enough, not exact:
/// while Redis is away nothing is counted here. The books are in PostgreSQL.
/// </summary>
internal sealed class LiveCounters
{
    /// <summary>What a process counts reaches Redis so often; the first at once.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);


    internal const string Submitted = "submitted";
    internal const string Finished = "finished";
    internal const string Failed = "failed";

    private readonly RedisLink link;
    private readonly TimeProvider clock;
    private readonly PacedWork sending;
    private readonly ConcurrentDictionary<string, StrongBox<long>> counted = new(StringComparer.Ordinal);

    public LiveCounters(RedisLink link, TimeProvider clock)
    {
        (this.link, this.clock) = (link, clock);
        sending = new PacedWork(SendAsync, Pause, clock, CancellationToken.None);
    }

    internal void Count(string what, int count)
    {
        if (count > 0 && link.IsConfigured)
        {
            Interlocked.Add(ref counted.GetOrAdd(what, static _ => new StrongBox<long>()).Value, count);
            sending.Ask();
        }
    }

    /// <summary>The counts of the running minute; null when Redis is away.</summary>
    internal async Task<IReadOnlyDictionary<string, long>?> ReadAsync()
    {
        if (link.Current is not { } redis)
        {
            return null;
        }

        try
        {
            var entries = await redis.GetDatabase().HashGetAllAsync(RedisKeys.Live(Minute));
            return entries.ToDictionary(static entry => entry.Name.ToString(), static entry => (long)entry.Value, StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return null;
        }
    }

    private Task SendAsync()
    {
        var database = link.Current?.GetDatabase();
        var key = RedisKeys.Live(Minute);
        foreach (var (what, box) in counted)
        {
            if (Interlocked.Exchange(ref box.Value, 0) is > 0 and var count)
            {
                database?.HashIncrement(key, what, count, CommandFlags.FireAndForget);
            }
        }

        database?.KeyExpire(key, RedisKeys.LiveLife, CommandFlags.FireAndForget);
        return Task.CompletedTask;
    }

    private long Minute => clock.GetUtcNow().ToUnixTimeSeconds() / 60;
}
