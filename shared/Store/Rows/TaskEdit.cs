namespace Millrace.Store.Rows;

/// <summary>What changes about a task that waits. Null keeps what it had.</summary>
internal sealed record TaskEdit
{
    /// <summary>JSON as UTF-8.</summary>
    public byte[]? Data { get; init; }

    public short? Priority { get; init; }

    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>From the database's now.</summary>
    public double? DelaySeconds { get; init; }

    internal bool IsEmpty => Data is null && Priority is null && ScheduledAt is null && DelaySeconds is null;
}
