namespace Millrace.Api.Views;

/// <summary>How PostgreSQL answers this process. Connections are those of the whole server.</summary>
internal sealed record DatabaseHealthView(string Status, bool Reachable)
{
    public double? LatencyMs { get; init; }

    public string? ServerVersion { get; init; }

    public DateTime? ServerStartedAt { get; init; }

    public long? Connections { get; init; }

    public long? ActiveConnections { get; init; }

    public int? MaxConnections { get; init; }

    /// <summary>The bound of this process's own pool.</summary>
    public int? PoolSize { get; init; }
}
