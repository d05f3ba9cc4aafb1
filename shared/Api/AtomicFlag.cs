using Microsoft.AspNetCore.Http;
using Millrace.Submit;

namespace Millrace.Api;

/// <summary>The query parameter <c>atomic</c>: all of an array or none.</summary>
internal static class AtomicFlag
{
    internal static bool Read(HttpRequest request, Faults faults)
    {
        switch ((string?)request.Query["atomic"])
        {
            case null or "false":
                return false;
            case "true":
                return true;
            default:
                faults.Add("atomic", "Write true or false.");
                return false;
        }
    }
}
