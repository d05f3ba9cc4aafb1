using System.Text.Json.Serialization;
using Millrace.Tests.Chaos.Handlers;

namespace Millrace.Tests.Chaos.Sending;

/// <summary>A task as the API takes it.</summary>
internal sealed record OrderedTask(
    string Type, string QueueName, ChaosData Data, int MaxRetries, int Priority, double DelaySeconds,
    [property: JsonPropertyName("retry_delay_seconds")] double RetryDelay);
