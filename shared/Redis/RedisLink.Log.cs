using Microsoft.Extensions.Logging;

namespace Millrace.Redis;

internal sealed partial class RedisLink
{
    [LoggerMessage(1900, LogLevel.Warning, "Redis connection error ({Connection}) - retrying with backoff; work goes on by polling")]
    private partial void LogAway(string connection);

    [LoggerMessage(1901, LogLevel.Information, "Redis connection recovered ({Connection})")]
    private partial void LogBack(string connection);

    [LoggerMessage(1902, LogLevel.Error, "MILLRACE_REDIS cannot be used: {Reason}. Work goes on by polling")]
    private partial void LogUnusable(string reason);
}
