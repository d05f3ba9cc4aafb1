using System.Globalization;
using StackExchange.Redis;

namespace Millrace.Redis;

/// <summary>
/// Token buckets that all instances share, by Redis's clock. Who asks waits for 100 ms at most; after a failure nobody asks
/// for a second, so that a slow Redis does not slow every request.
/// </summary>
internal sealed class RedisTokenBucket(RedisLink link, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The key holds when the bucket will be whole again, in microseconds: one number is the whole state. KEYS[1] the bucket; ARGV[1] the
    /// time a token takes, ARGV[2] the time an empty bucket takes. Returns 0 for a token, else the microseconds until there is one.
    /// </summary>
    private const string TakeScript =
        """
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
        local whole = tonumber(redis.call('GET', KEYS[1]) or '0')
        if whole < now then whole = now end
        whole = whole + tonumber(ARGV[1])
        local wait = whole - tonumber(ARGV[2]) - now
        if wait > 0 then return math.ceil(wait) end
        redis.call('SET', KEYS[1], string.format('%.0f', whole), 'PX', string.format('%.0f', math.ceil((whole - now) / 1000) + 1))
        return 0
        """;

    private long restUntil;

    /// <summary>Zero when a token was taken, else how long until there is one; null when Redis is away or slow.</summary>
    internal async Task<TimeSpan?> TakeAsync(string caller, TokenRate rate)
    {
        if (link.Current is not { } redis || clock.GetTimestamp() < Volatile.Read(ref restUntil))
        {
            return null;
        }

        try
        {
            var asked = redis.GetDatabase().ScriptEvaluateAsync(
                TakeScript, [RedisKeys.Budget(caller)], [Microseconds(rate.Interval), Microseconds(rate.Whole)]);
            return TimeSpan.FromMicroseconds((long)await asked.WaitAsync(Patience, clock));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Volatile.Write(ref restUntil, clock.GetTimestamp() + (long)(Pause.TotalSeconds * clock.TimestampFrequency));
            return null;
        }
    }

    private static string Microseconds(TimeSpan time) => Math.Max(1, time.TotalMicroseconds).ToString("F0", CultureInfo.InvariantCulture);
}
