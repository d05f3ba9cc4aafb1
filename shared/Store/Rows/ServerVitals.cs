namespace Millrace.Store.Rows;

/// <summary>What PostgreSQL says of itself. <paramref name="PoolSize"/> is the bound of this process's own pool.</summary>
internal sealed record ServerVitals(string Version, long Connections, long Active, int MaxConnections, int PoolSize, DateTime StartedAt);
