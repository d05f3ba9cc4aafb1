using Microsoft.AspNetCore.Http;
using Millrace.Store;
using Npgsql;

namespace Millrace.Api.Answers;

/// <summary>A database that is away is answered with 503 and a time to come back, not with a crash; a body that breaks off as the client's fault.</summary>
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
        catch (BadHttpRequestException exception)
        {
            return Problems.InvalidJson($"The body could not be read to its end: {exception.Message} Send it again, whole.");
        }
    }
}
