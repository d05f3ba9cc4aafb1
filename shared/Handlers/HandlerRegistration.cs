using Microsoft.Extensions.DependencyInjection;

namespace Millrace.Handlers;

/// <summary>One handler: the name of its type of tasks, its class, and how long an instance lives.</summary>
internal sealed record HandlerRegistration(string Type, Type Handler, ServiceLifetime Lifetime);
