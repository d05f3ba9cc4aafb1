using Microsoft.Extensions.Logging;
using Millrace.Local.Hosting.Settings;

namespace Millrace.Local.Hosting.Http;

/// <summary>What the HTTP server is built from.</summary>
internal sealed record HttpServerServices(IServiceProvider Provider, ILoggerFactory Loggers, AppSettings Settings);
