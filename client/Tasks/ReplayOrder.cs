using System.Text.Json;

namespace Millrace.Client;

/// <summary>What a task that has ended runs again with. What is null stays as it was.</summary>
public sealed record ReplayOrder
{
    public JsonElement? Data { get; init; }

    public string? QueueName { get; init; }

    public int? Priority { get; init; }
}
