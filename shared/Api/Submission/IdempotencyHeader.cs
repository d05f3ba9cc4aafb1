using Microsoft.AspNetCore.Http;
using Millrace.Submit;

namespace Millrace.Api.Submission;

/// <summary>The header <c>Idempotency-Key</c>, in quotes (as its draft standard says) or without.</summary>
internal static class IdempotencyHeader
{
    internal const string Name = "Idempotency-Key";

    /// <summary>Null when there is none, or a fault.</summary>
    internal static string? Read(HttpRequest request, Faults faults)
    {
        var given = request.Headers[Name];
        if (given.Count == 0)
        {
            return null;
        }

        var key = given[0]!.Trim();
        key = key is ['"', .. var inner, '"'] ? inner : key;
        if (given.Count == 1 && SubmissionKeys.IsKey(key))
        {
            return key;
        }

        faults.Add(Name, given.Count > 1 ? "It is given more than once. Give it once." : SubmissionKeys.Rule);
        return null;
    }
}
