namespace Millrace.Handlers;

/// <summary>The task's data cannot be read. Thrown by a handler it sends the task to the dead letters without a retry.</summary>
public sealed class UnreadableDataException : Exception
{
    /// <summary>Creates it with a sentence for the dead letter.</summary>
    public UnreadableDataException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Creates it with a sentence for the dead letter.</summary>
    public UnreadableDataException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a general sentence.</summary>
    public UnreadableDataException()
        : base("The task's data cannot be read.")
    {
    }
}
