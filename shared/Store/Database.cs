using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Millrace.Store;

/// <summary>Makes the process's one data source: pooled, prepared, without session state.</summary>
internal static class Database
{
    internal static NpgsqlDataSource Open(StoreOptions options, ILoggerFactory? logs = null)
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
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString);
        if (logs is not null)
        {
            builder.UseLoggerFactory(logs);
        }

        return builder.Build();
    }

    internal static NpgsqlDataSource Open(IOptions<StoreOptions> options, ILoggerFactory logs) => Open(options.Value, logs);
}
