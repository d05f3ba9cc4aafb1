using Microsoft.AspNetCore.Http;
using Millrace.Submit;

namespace Millrace.Api;

/// <summary>The query of a submission: <c>atomic</c> asks for all of an array or none. <c>code</c> and <c>clientId</c> belong to the function key and pass.</summary>
internal static class SubmitQuery
{
    internal static bool IsAtomic(IQueryCollection query, Faults faults)
    {
        foreach (var unknown in query.Keys.Where(static key => key is not ("atomic" or "code" or "clientId")))
        {
            faults.Add(unknown, "There is no such parameter. A submission knows atomic.");
        }

        var atomic = query["atomic"];
        if (atomic.Count > 1 || (string?)atomic is not (null or "true" or "false"))
        {
            faults.Add("atomic", "Write true or false, once.");
        }

        return atomic == "true";
    }
}
