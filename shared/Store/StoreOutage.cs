using Npgsql;

namespace Millrace.Store;

/// <summary>Tells a database that is away from a statement that it refuses for its values.</summary>
internal static class StoreOutage
{
    /// <summary>A transaction paused for longer than the database allows.</summary>
    internal const string IdleInTransactionTimeout = "25P03";

    /// <summary>A session paused for longer than the database allows.</summary>
    internal const string IdleSessionTimeout = "57P05";

    /// <summary>The database's defaults were changed while the process ran (<c>is_read_committed</c> of our migrations). It learns them anew.</summary>
    internal const string WrongIsolation = "25004";

    /// <summary>The server is not reached, is full, or is shutting down, or its schema is not there yet: the same statement may succeed later.</summary>
    internal static bool IsOne(NpgsqlException exception) =>
        exception is not PostgresException refused
        || refused.IsTransient
        || refused.SqlState.StartsWith("57P", StringComparison.Ordinal)
        || refused.SqlState.StartsWith("53", StringComparison.Ordinal)
        || refused.SqlState.StartsWith("08", StringComparison.Ordinal)
        || refused.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.ReadOnlySqlTransaction
            or IdleInTransactionTimeout or WrongIsolation or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction;

    /// <summary>The values cannot be kept (data exception, constraint, too large): the same statement fails for ever, and without them it may not.</summary>
    internal static bool IsRefusal(Exception exception) =>
        exception is PostgresException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] };
}
