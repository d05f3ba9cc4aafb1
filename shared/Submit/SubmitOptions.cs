using System.ComponentModel.DataAnnotations;

namespace Millrace.Submit;

/// <summary>What is accepted, and what a task gets that does not say. Section <c>Millrace:Submit</c>.</summary>
internal sealed class SubmitOptions
{
    /// <summary>Attempts after the first. Also <c>MAX_RETRIES</c>.</summary>
    [Range(0, 100)]
    public short MaxRetries { get; set; } = 3;

    /// <summary>Seconds before the second attempt. Also <c>INITIAL_RETRY_DELAY</c>.</summary>
    [Range(0, 604_800)]
    public float RetryDelaySeconds { get; set; } = 5;

    /// <summary>Each further delay is this many times the one before. Also <c>RETRY_BACKOFF_MULTIPLIER</c>.</summary>
    [Range(1, 100)]
    public float RetryBackoff { get; set; } = 2;

    /// <summary>No delay is longer. Seconds. Also <c>MAX_RETRY_DELAY</c>.</summary>
    [Range(0, 604_800)]
    public float MaxRetryDelaySeconds { get; set; } = 3600;

    /// <summary>How long a handler may run. Seconds. Also <c>JOB_TIMEOUT</c>.</summary>
    [Range(1, 86_400)]
    public int TimeoutSeconds { get; set; } = 3600;

    /// <summary>The largest task, in bytes of JSON.</summary>
    [Range(1_024, 64 * 1_048_576)]
    public int MaxTaskBytes { get; set; } = 1_048_576;

    /// <summary>The most tasks in one JSON array; more belong into the bulk stream.</summary>
    [Range(1, 100_000)]
    public int MaxArrayItems { get; set; } = 10_000;

    /// <summary>Lines of a bulk stream that are committed together.</summary>
    [Range(1, 10_000)]
    public int BulkChunkLines { get; set; } = 2_000;
}
