using StackExchange.Redis;

namespace Millrace.Redis;

/// <summary>
/// Counts of the running minute that the dashboard may read without touching PostgreSQL. They are near enough, not exact:
/// while Redis is away nothing is counted here. The books are in PostgreSQL.
/// </summary>
internal sealed class LiveCounters(RedisLink link, TimeProvider clock)
{
    internal const string Submitted = "submitted";
    internal const string Finished = "finished";
    internal const string Failed = "failed";

    internal void Count(string what, int count)
    {
        if (count > 0 && link.Current is { } redis)
        {
            var key = RedisKeys.Live(Minute);
            var database = redis.GetDatabase();
            database.HashIncrement(key, what, count, CommandFlags.FireAndForget);
            database.KeyExpire(key, RedisKeys.LiveLife, CommandFlags.FireAndForget);
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

    private long Minute => clock.GetUtcNow().ToUnixTimeSeconds() / 60;
}
