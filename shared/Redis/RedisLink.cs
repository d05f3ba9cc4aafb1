using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Millrace.Redis;

/// <summary>
/// The connection to Redis, if there is one. It connects by itself in the background and reconnects after 2, 4, 8, 16, 30 s;
/// nobody ever waits for it, and every use of it may be told that it is away.
/// </summary>
internal sealed partial class RedisLink : IAsyncDisposable
{
    private readonly ILogger<RedisLink> log;
    private readonly Task<ConnectionMultiplexer?> connecting;

    public RedisLink(IOptions<RedisOptions> options, ILogger<RedisLink> log)
    {
        this.log = log;
        IsConfigured = options.Value.ConnectionString is { Length: > 0 };
        connecting = options.Value.ConnectionString is { Length: > 0 } connection
            ? ConnectAsync(connection)
            : Task.FromResult<ConnectionMultiplexer?>(null);
    }

    /// <summary>False when the app is to do without Redis.</summary>
    internal bool IsConfigured { get; }

    /// <summary>The connection while it is up; null when Redis is away or not configured.</summary>
    internal ConnectionMultiplexer? Current =>
        connecting.IsCompletedSuccessfully && connecting.Result is { IsConnected: true } redis ? redis : null;

    /// <summary>Completes with the connection as soon as it exists, connected or not; with null when Redis is not configured.</summary>
    internal Task<ConnectionMultiplexer?> WhenCreatedAsync() => connecting;

    public async ValueTask DisposeAsync()
    {
        if (await connecting is { } redis)
        {
            await redis.DisposeAsync();
        }
    }

    private async Task<ConnectionMultiplexer?> ConnectAsync(string connection)
    {
        try
        {
            var configuration = ConfigurationOptions.Parse(connection);
            configuration.AbortOnConnectFail = false;
            configuration.ConnectTimeout = 2_000;
            configuration.AsyncTimeout = 1_000;
            configuration.ReconnectRetryPolicy = new RedisBackOff();
            configuration.ClientName = "millrace";
            var redis = await ConnectionMultiplexer.ConnectAsync(configuration);
            redis.ConnectionFailed += (_, failure) => LogAway(failure.ConnectionType.ToString());
            redis.ConnectionRestored += (_, back) => LogBack(back.ConnectionType.ToString());
            return redis;
        }
        catch (Exception exception)
        {
            LogUnusable(exception.Message);
            return null;
        }
    }
}
