namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which retry this invocation is. Twin of the type in Worker.Core.</summary>
public abstract class RetryContext
{
    public abstract int RetryCount { get; }

    public abstract int MaxRetryCount { get; }
}
