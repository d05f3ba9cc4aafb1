using System.ComponentModel.DataAnnotations;

namespace Millrace.Store;

/// <summary>Where PostgreSQL is. Section <c>Millrace:Store</c>.</summary>
internal sealed class StoreOptions
{
    /// <summary>An Npgsql connection string. Also <c>MILLRACE_POSTGRES</c>.</summary>
    [Required(ErrorMessage = "Set MILLRACE_POSTGRES to a PostgreSQL connection string, like Host=db;Database=millrace;Username=millrace.")]
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>The most connections of this process. Also <c>DATABASE_POOL_SIZE</c>.</summary>
    [Range(2, 1_000)]
    public int PoolSize { get; set; } = 20;

    /// <summary>How long a statement waits for a connection, and a connection for the server, in seconds. Also <c>DATABASE_POOL_TIMEOUT</c>.</summary>
    [Range(1, 300)]
    public int PoolTimeoutSeconds { get; set; } = 15;

    /// <summary>Keep prepared statements on the server. False behind a pooler in transaction mode that does not follow them.</summary>
    public bool Prepare { get; set; } = true;

    /// <summary>Apply missing migrations at start.</summary>
    public bool Migrate { get; set; } = true;
}
