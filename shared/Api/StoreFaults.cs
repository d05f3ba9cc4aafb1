using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Millrace.Api;

/// <summary>A database that is away is answered with 503 and a time to come back, not with a crash.</summary>
internal static class StoreFaults
{
    internal static async Task<IResult> AnswerAsync(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (NpgsqlException exception) when (IsUnavailable(exception))
        {
            return Problems.StoreUnavailable();
        }
    }

    /// <summary>The server is not reached, is full, or is shutting down. A statement that it refuses is a fault of ours instead.</summary>
    internal static bool IsUnavailable(NpgsqlException exception) =>
        exception is not PostgresException refused
        || refused.IsTransient
        || refused.SqlState.StartsWith("57P", StringComparison.Ordinal)
        || refused.SqlState.StartsWith("53", StringComparison.Ordinal)
        || refused.SqlState.StartsWith("08", StringComparison.Ordinal)
        || refused.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.InvalidCatalogName
            or PostgresErrorCodes.ReadOnlySqlTransaction;
}
