using Millrace.Redis;

namespace Millrace.Api.RateLimit;

/// <summary>
/// Token buckets of this instance alone, by the same arithmetic as <see cref="RedisTokenBucket"/>. The framework's own limiters
/// take no <see cref="TimeProvider"/>.
/// </summary>
internal sealed class LocalTokenBucket(TimeProvider clock)
{
    /// <summary>Above it the buckets that are whole are forgotten: they say nothing.</summary>
    private const int ManyCallers = 10_000;

    private readonly Lock taking = new();
    private readonly Dictionary<string, TimeSpan> wholeAt = new(StringComparer.Ordinal);
    private readonly long start = clock.GetTimestamp();

    /// <summary>Zero when a token was taken, else how long until there is one.</summary>
    internal TimeSpan Take(string caller, TokenRate rate)
    {
        var now = clock.GetElapsedTime(start);
        lock (taking)
        {
            var whole = (wholeAt.TryGetValue(caller, out var known) && known > now ? known : now) + rate.Interval;
            var wait = whole - rate.Whole - now;
            if (wait > TimeSpan.Zero)
            {
                return wait;
            }

            wholeAt[caller] = whole;
            if (wholeAt.Count > ManyCallers)
            {
                Forget(now);
            }

            return TimeSpan.Zero;
        }
    }

    private void Forget(TimeSpan now)
    {
        foreach (var (caller, whole) in wholeAt)
        {
            if (whole <= now)
            {
                wholeAt.Remove(caller);
            }
        }
    }
}
