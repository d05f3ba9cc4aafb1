using Microsoft.AspNetCore.Http;
using Millrace.Store;
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
        catch (NpgsqlException exception) when (StoreOutage.IsOne(exception))
        {
            return Problems.StoreUnavailable();
        }
    }
}
