using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Millrace.Local.Hosting.Discovery;

/// <summary>Makes a constraint from its text in a route, as the router will.</summary>
internal sealed class InlineConstraints
{
    private readonly IInlineConstraintResolver resolver = new ServiceCollection()
        .AddLogging()
        .AddRouting()
        .BuildServiceProvider()
        .GetRequiredService<IInlineConstraintResolver>();

    /// <summary>Null for a policy that is unknown or no constraint.</summary>
    public IRouteConstraint? Create(string text) => resolver.ResolveConstraint(text);
}
