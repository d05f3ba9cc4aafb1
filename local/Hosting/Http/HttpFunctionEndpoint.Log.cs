using Microsoft.Extensions.Logging;

namespace Millrace.Local.Hosting.Http;

internal sealed partial class HttpFunctionEndpoint
{
    [LoggerMessage(9111, LogLevel.Error, "Function {Function} failed over HTTP; the caller gets an empty 500.")]
    private static partial void LogFailed(ILogger logger, string function, Exception exception);
}
