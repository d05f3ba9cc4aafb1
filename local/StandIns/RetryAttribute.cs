namespace Microsoft.Azure.Functions.Worker;

/// <summary>Base of the retry policies; legal on timers, not on queues or HTTP. Twin of the type in Worker.Extensions.Abstractions.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    public int MaxRetryCount { get; set; }
}
