using Microsoft.Azure.Functions.Worker;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>How often this run was retried; only timers retry.</summary>
internal sealed class RetryState(int retryCount, int maxRetryCount) : RetryContext
{
    public static RetryState None { get; } = new(0, 0);

    public override int RetryCount => retryCount;

    public override int MaxRetryCount => maxRetryCount;
}
