using System.Reflection;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace Millrace.Local.Hosting.Discovery;

/// <summary>An HTTP trigger. <paramref name="Methods"/> are upper case; empty means all.</summary>
internal sealed record HttpTriggerSource(
    ParameterInfo Parameter,
    RoutePattern Pattern,
    IReadOnlyList<string> Methods,
    AuthorizationLevel Level)
    : Trigger(Parameter, "httpTrigger");
