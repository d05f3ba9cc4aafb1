namespace Millrace.Client;

/// <summary>How PostgreSQL answers the app. Connections are those of the whole server.</summary>
public sealed record DatabaseHealth
{
    public string Status { get; init => field = value ?? string.Empty; } = string.Empty;

    public bool Reachable { get; init; }

    public double? LatencyMs { get; init; }

    public string? ServerVersion { get; init; }

    public DateTimeOffset? ServerStartedAt { get; init; }

    public long? Connections { get; init; }

    public long? ActiveConnections { get; init; }

    public int? MaxConnections { get; init; }

    /// <summary>The bound of the answering process's own pool.</summary>
    public int? PoolSize { get; init; }
}
