namespace Millrace.Client;

/// <summary>What happened in one minute. Failures count attempts, retried ones too.</summary>
public sealed record MinuteStats
{
    public DateTimeOffset Minute { get; init; }

    public long Submissions { get; init; }

    public long Completions { get; init; }

    public long Failures { get; init; }
}
