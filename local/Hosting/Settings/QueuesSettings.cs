namespace Millrace.Local.Hosting.Settings;

/// <summary><c>extensions.queues</c> of host.json, with the defaults of the real extension.</summary>
internal sealed record QueuesSettings
{
    public int BatchSize { get; init; } = 16;

    public int NewBatchThreshold { get; init; } = 16 / 2 * Environment.ProcessorCount;

    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a failed message stays hidden before its next delivery. Not the lease.</summary>
    public TimeSpan VisibilityTimeout { get; init; }

    public int MaxDequeueCount { get; init; } = 5;

    public bool IsBase64 { get; init; } = true;
}
