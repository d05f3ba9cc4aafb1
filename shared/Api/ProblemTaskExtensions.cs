using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Millrace.Api;

/// <summary>The last thing before an answer leaves: what the servers did wrong becomes a problem that says what to do.</summary>
public static class ProblemTaskExtensions
{
    /// <summary>PostgreSQL away: 503 with Retry-After. Anything else that was not foreseen stays the host's 500.</summary>
    public static async Task<IResult> OrProblemAsync(this Task<IResult> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        try
        {
            return await answer;
        }
        catch (NpgsqlException exception) when (exception.IsTransient || exception is not PostgresException)
        {
            return Problems.StoreUnavailable();
        }
    }
}
