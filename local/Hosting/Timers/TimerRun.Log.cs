using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting.Timers;

internal sealed partial class TimerRun
{
    [LoggerMessage(9311, LogLevel.Error, "Timer function {Function} failed; its schedule goes on.")]
    private static partial void LogFailed(ILogger logger, string function, Exception exception);

    [LoggerMessage(9312, LogLevel.Warning, "Timer {Function} could not write its status; after a restart it may run once more: {Reason}")]
    private static partial void LogNotRemembered(ILogger logger, string function, string reason);
}
