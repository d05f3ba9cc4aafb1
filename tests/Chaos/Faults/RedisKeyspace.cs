using System.Globalization;
using System.Net;
using Millrace.Tests.Chaos.Trying;
using StackExchange.Redis;

namespace Millrace.Tests.Chaos.Faults;

/// <summary>What is done to the keys that the pipeline keeps in Redis.</summary>
internal sealed class RedisKeyspace : IAsyncDisposable
{
    private const double Pause = 0.25;

    private readonly ConnectionMultiplexer redis;

    private RedisKeyspace(ConnectionMultiplexer redis) => this.redis = redis;

    internal static async Task<RedisKeyspace> ConnectAsync(int port) => new(await ConnectionMultiplexer.ConnectAsync(
        new ConfigurationOptions { EndPoints = { new IPEndPoint(IPAddress.Loopback, port) }, AllowAdmin = true }));

    internal async Task EmptyAsync(double seconds, CancellationToken cancellation)
    {
        for (var left = seconds / Pause; left > 0; left--)
        {
            await redis.GetDatabase().ExecuteAsync("FLUSHALL");
            await World.PauseAsync(Pause, cancellation);
        }
    }

    /// <summary>Keys of the wrong kind, numbers that are none, and signals of nothing.</summary>
    internal async Task SpoilAsync(double seconds, CancellationToken cancellation)
    {
        var database = redis.GetDatabase();
        for (var left = seconds / Pause; left > 0; left--)
        {
            var minute = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 60;
            await database.StringSetAsync(Text($"millrace:live:{minute + 1}"), "garbage", TimeSpan.FromMinutes(5));
            await database.KeyDeleteAsync(Text($"millrace:live:{minute}"));
            await database.HashSetAsync(Text($"millrace:live:{minute}"), "submitted", "abc");
            await redis.GetSubscriber().PublishAsync(RedisChannel.Literal("millrace:signal"), new byte[] { 0, 255, 7 });
            await redis.GetSubscriber().PublishAsync(RedisChannel.Literal("millrace:signal"), "work/no such queue");
            await World.PauseAsync(Pause, cancellation);
        }
    }

    public ValueTask DisposeAsync() => redis.DisposeAsync();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
