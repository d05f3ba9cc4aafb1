using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting.Queues;

internal sealed partial class MessageLease
{
    [LoggerMessage(9221, LogLevel.Debug, "Renewed the lease of message {Message}.")]
    private static partial void LogRenewed(ILogger logger, string message);

    [LoggerMessage(9222, LogLevel.Warning, "Message {Message} belongs to someone else now ({Reason}); its function keeps running.")]
    private static partial void LogLost(ILogger logger, string message, string? reason);

    [LoggerMessage(9223, LogLevel.Warning, "Could not renew the lease of message {Message}; next try in {Delay}: {Reason}")]
    private static partial void LogNotRenewed(ILogger logger, string message, TimeSpan delay, string reason);
}
