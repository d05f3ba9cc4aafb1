using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting.Queues;

internal sealed partial class QueueListener
{
    [LoggerMessage(9201, LogLevel.Warning, "Queue {Queue} cannot be read; polling goes on with back-off: {Reason}")]
    private static partial void LogAway(ILogger logger, string queue, string reason);

    [LoggerMessage(9202, LogLevel.Information, "Queue {Queue} can be read again.")]
    private static partial void LogBack(ILogger logger, string queue);
}
