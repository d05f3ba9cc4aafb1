using StackExchange.Redis;

namespace Millrace.Redis;

/// <summary>2, 4, 8, 16, then 30 s between attempts to connect.</summary>
internal sealed class RedisBackOff : IReconnectRetryPolicy
{
    public bool ShouldRetry(long currentRetryCount, int timeElapsedMillisecondsSinceLastRetry) =>
        timeElapsedMillisecondsSinceLastRetry >= Math.Min(2_000L << (int)Math.Min(currentRetryCount, 4), 30_000L);
}
