using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting.Timers;

internal sealed partial class TimerListener
{
    [LoggerMessage(9301, LogLevel.Warning, "Timer {Function} cannot reach its lock or status; next try in {Retry}: {Reason}")]
    private static partial void LogNoStore(ILogger logger, string function, TimeSpan retry, string reason);

    [LoggerMessage(9302, LogLevel.Warning, "Timer {Function} could not renew its lock: {Reason}")]
    private static partial void LogNotRenewed(ILogger logger, string function, string reason);

    [LoggerMessage(9303, LogLevel.Warning, "Timer {Function} lost its lock; another host may fire it now.")]
    private static partial void LogLost(ILogger logger, string function);

    [LoggerMessage(9304, LogLevel.Debug, "Timer {Function} could not release its lock; it ends with its lease: {Reason}")]
    private static partial void LogNotReleased(ILogger logger, string function, string reason);
}
