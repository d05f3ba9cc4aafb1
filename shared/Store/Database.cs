using Npgsql;

namespace Millrace.Store;

/// <summary>Makes the process's one data source: pooled, prepared, without session state.</summary>
internal static class Database
{
    internal static NpgsqlDataSource Open(StoreOptions options)
    {
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            MaxPoolSize = options.PoolSize,
            Timeout = options.PoolTimeoutSeconds,
            ApplicationName = "millrace",

            // Every statement of ours is constant, so all are prepared after their first use.
            MaxAutoPrepare = 60,
            AutoPrepareMinUsages = 2,
        };
        return NpgsqlDataSource.Create(connection);
    }
}
