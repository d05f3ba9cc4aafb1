using System.Net;

namespace Millrace.Client;

/// <summary>
/// A stream of tasks ended early. Lines up to <see cref="BulkResult.CommittedThroughLine"/> are done; send the rest again, or all of it
/// when it had a key.
/// </summary>
public sealed class StreamCutException : MillraceException
{
    internal StreamCutException(string message, HttpStatusCode status, TimeSpan? retryAfter, BulkResult result)
        : base(message, status, result.Problem, retryAfter)
    {
        Result = result;
    }

    /// <summary>What became of the lines that were read.</summary>
    public BulkResult Result { get; }
}
