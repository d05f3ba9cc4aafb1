using System.Net;
using Microsoft.AspNetCore.Http;
using Millrace.Local.Hosting.Http;

namespace Millrace.Local.Hosting;

/// <summary>The HTTP side of a host, assembled but not listening.</summary>
internal sealed record BuiltHttp(RequestDelegate Pipeline, IPAddress Address, int Port, HttpServerServices Services);
