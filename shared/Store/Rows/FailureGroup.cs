using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>Tasks that failed in the same way.</summary>
internal sealed record FailureGroup
{
    public required string Fingerprint { get; init; }

    public required string Type { get; init; }

    public required string ErrorType { get; init; }

    /// <summary>Of the newest task.</summary>
    public required string ErrorMessage { get; init; }

    /// <summary>Dead letters.</summary>
    public long Dead { get; init; }

    /// <summary>Live tasks that failed so and are tried again.</summary>
    public long Retrying { get; init; }

    public required DateTime FirstAt { get; init; }

    public required DateTime LastAt { get; init; }

    /// <summary>The newest of them.</summary>
    public required TaskId Newest { get; init; }
}
