using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;

namespace Millrace.Api.Requests;

/// <summary>Bodies are read as they are: one that says it is compressed would be taken for what it is not, line by line even.</summary>
internal static class BodyCoding
{
    /// <summary>The answer to a request whose body is compressed; null for any other.</summary>
    internal static IResult? Refuse(HttpRequest request)
    {
        var coding = request.Headers.ContentEncoding.ToString();
        return coding.Length == 0 || coding.Equals("identity", StringComparison.OrdinalIgnoreCase) ? null : Problems.UnsupportedCoding(coding);
    }
}
