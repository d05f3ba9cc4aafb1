namespace Millrace.Client;

/// <summary>Tasks that failed in the same way, whichever task, number or name it was about.</summary>
public sealed record FailureGroup
{
    public string Fingerprint { get; init => field = value ?? string.Empty; } = string.Empty;

    public string Type { get; init => field = value ?? string.Empty; } = string.Empty;

    public string ErrorType { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>Of one of them.</summary>
    public string ErrorMessage { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>Dead letters among them.</summary>
    public long Dead { get; init; }

    /// <summary>Live tasks among them, which are tried again.</summary>
    public long Retrying { get; init; }

    public DateTimeOffset FirstAt { get; init; }

    public DateTimeOffset LastAt { get; init; }

    /// <summary>The newest of them.</summary>
    public Guid Newest { get; init; }
}
