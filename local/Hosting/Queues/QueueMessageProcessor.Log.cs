using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting.Queues;

internal sealed partial class QueueMessageProcessor
{
    [LoggerMessage(9211, LogLevel.Debug, "Function {Function} succeeded on message {Message}.")]
    private static partial void LogExecuted(ILogger logger, string function, string message);

    [LoggerMessage(9212, LogLevel.Error, "Function {Function} failed on message {Message}, delivery {DequeueCount}.")]
    private static partial void LogFailed(ILogger logger, string function, string message, long dequeueCount, Exception exception);

    [LoggerMessage(9213, LogLevel.Error, "Message {Message} of function {Function} is not base64, so the function is not called: send base64, or set messageEncoding to none.")]
    private static partial void LogUndecodable(ILogger logger, string function, string message);

    [LoggerMessage(9214, LogLevel.Error, "Function {Function} gives message {Message} up after {DequeueCount} deliveries; it is in {PoisonQueue} for seven days.")]
    private static partial void LogPoisoned(ILogger logger, string function, string message, string poisonQueue, long dequeueCount);

    [LoggerMessage(9215, LogLevel.Warning, "A message of function {Function} was no longer ours when it was done ({Reason}); it may run again.")]
    private static partial void LogGone(ILogger logger, string function, string? reason);

    [LoggerMessage(9216, LogLevel.Warning, "Function {Function} could not complete message {Message}; it comes back when its lease ends: {Reason}")]
    private static partial void LogNotCompleted(ILogger logger, string function, string message, string reason);
}
