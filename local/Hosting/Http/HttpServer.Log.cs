using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting.Http;

internal sealed partial class HttpServer
{
    [LoggerMessage(9101, LogLevel.Warning, "Port {Wanted} is taken: listening on {Actual} instead.")]
    private static partial void LogPortTaken(ILogger logger, int wanted, int actual);
}
