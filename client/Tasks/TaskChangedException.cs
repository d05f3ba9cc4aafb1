using System.Net;

namespace Millrace.Client;

/// <summary>The task is not as the edit expected it (412): somebody changed it. Read it again, and decide again.</summary>
public sealed class TaskChangedException : MillraceException
{
    internal TaskChangedException(string message, Problem? problem)
        : base(message, HttpStatusCode.PreconditionFailed, problem)
    {
    }
}
