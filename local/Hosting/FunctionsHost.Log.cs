using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting;

public sealed partial class FunctionsHost
{
    [LoggerMessage(9001, LogLevel.Information, "{Count} functions are running; HTTP on {BaseUrl}")]
    private static partial void LogStarted(ILogger logger, int count, Uri? baseUrl);

    [LoggerMessage(9002, LogLevel.Warning, "{Warning}")]
    private static partial void LogWarning(ILogger logger, string warning);

    [LoggerMessage(9003, LogLevel.Warning, "{Count} invocations did not end within {Timeout} and are left behind.")]
    private static partial void LogAbandoned(ILogger logger, int count, TimeSpan timeout);

    [LoggerMessage(9004, LogLevel.Information, "The functions host has stopped.")]
    private static partial void LogStopped(ILogger logger);
}
