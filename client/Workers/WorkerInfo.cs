namespace Millrace.Client;

/// <summary>An executor: active, idle, draining, stopped or lost. Load and capacity count handlers.</summary>
public sealed record WorkerInfo
{
    public Guid Id { get; init; }

    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    public string Host { get; init => field = value ?? string.Empty; } = string.Empty;

    public int ProcessId { get; init; }

    public string Version { get; init => field = value ?? string.Empty; } = string.Empty;

    public int CurrentLoad { get; init; }

    public int Capacity { get; init; }

    /// <summary>The share of its capacity in use, 0 to 1.</summary>
    public double Utilization { get; init; }

    public long Tickets { get; init; }

    public long Tasks { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset LastHeartbeat { get; init; }
}
