using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting;

internal sealed partial class HostControl
{
    [LoggerMessage(9031, LogLevel.Error, "Function {Function}, run by hand, failed.")]
    private static partial void LogFailed(ILogger logger, string function, Exception exception);
}
