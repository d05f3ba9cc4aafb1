using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting;

internal sealed partial class ListenerGroup
{
    [LoggerMessage(9021, LogLevel.Error, "A listener failed; it starts again in {Delay}.")]
    private static partial void LogFailed(ILogger logger, TimeSpan delay, Exception exception);
}
