using Millrace.Tests.Chaos.Handlers;

namespace Millrace.Tests.Chaos.Sending;

/// <summary>Tasks alike that are sent together.</summary>
internal sealed record Order(string Queue, int Count)
{
    internal string Type { get; init; } = TaskTypes.Quick;

    internal ChaosData Data { get; init; } = new();

    internal int MaxRetries { get; init; } = 3;

    internal int Priority { get; init; } = 5;

    internal double DelaySeconds { get; init; }

    internal static Order Slow(string queue, int count, double seconds, int maxRetries = 3) =>
        new(queue, count) { Type = TaskTypes.Slow, Data = new(seconds), MaxRetries = maxRetries };
}
