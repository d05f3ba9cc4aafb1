using Npgsql;

namespace Millrace.Store;

/// <summary>Makes the process's data sources: pooled, prepared, without session state.</summary>
internal static class Database
{
    internal static NpgsqlDataSource Open(StoreOptions options, StoreSessions sessions)
    {
        var connection = Connection(options);
        connection.MaxPoolSize = options.PoolSize;
        connection.Timeout = options.PoolTimeoutSeconds;
        return Source(connection, sessions);
    }

    /// <summary>
    /// A connection of the heart's own, which waits no longer than from one beat to the next: neither a full pool nor a connection
    /// that died without a word may cost the leases of a process that is well.
    /// </summary>
    internal static NpgsqlDataSource OpenForHeart(StoreOptions options, StoreSessions sessions, TimeSpan beat)
    {
        var connection = Connection(options);
        connection.MaxPoolSize = 2;
        connection.Timeout = connection.CommandTimeout = (int)Math.Max(1, Math.Floor(beat.TotalSeconds));
        return Source(connection, sessions);
    }

    /// <summary>Our statements know no types but those of every PostgreSQL, so a process need not ask for them, which takes longer than the rest of connecting.</summary>
    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder connection, StoreSessions sessions)
    {
        var source = new NpgsqlDataSourceBuilder(connection.ConnectionString)
            .ConfigureTypeLoading(static types => types.EnableTypeLoading(false))
            .UsePhysicalConnectionInitializer(sessions.Learn, sessions.LearnAsync)
            .Build();
        sessions.Watch(source);
        return source;
    }

    private static NpgsqlConnectionStringBuilder Connection(StoreOptions options) => new(options.ConnectionString)
    {
        ApplicationName = "millrace",

        // Nothing that a session would have to forget is set in one.
        NoResetOnClose = true,

        // Every statement of ours is constant, so all are prepared after their first use.
        MaxAutoPrepare = options.Prepare ? 60 : 0,
        AutoPrepareMinUsages = 2,
    };
}
