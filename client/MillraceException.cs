using System.Net;

namespace Millrace.Client;

/// <summary>
/// The API refused a call, or did not answer it: then <see cref="StatusCode"/> is null, and whether it was carried out is not known.
/// </summary>
public class MillraceException : Exception
{
    internal MillraceException(string message, HttpStatusCode? status, Problem? problem, TimeSpan? retryAfter = null, Exception? inner = null)
        : base(message, inner)
    {
        (StatusCode, Problem, RetryAfter) = (status, problem, retryAfter);
    }

    /// <summary>The status of the answer; null when there was none.</summary>
    public HttpStatusCode? StatusCode { get; }

    /// <summary>What the API said; null when the answer came from somewhere else, such as the host that checks the key.</summary>
    public Problem? Problem { get; }

    /// <summary>The API itself says that there is no such thing. Another 404 comes from a wrong address.</summary>
    internal bool IsNotThere => StatusCode == HttpStatusCode.NotFound && Problem?.Slug.Length > 0;

    /// <summary>When to try again, where the answer said so.</summary>
    public TimeSpan? RetryAfter { get; }
}
