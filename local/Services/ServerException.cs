namespace Millrace.Local.Services;

/// <summary>
/// A server could not be installed, started or reached. The message is a sentence that says what to do; show it without the
/// stack.
/// </summary>
internal sealed class ServerException : Exception
{
    public ServerException()
    {
    }

    public ServerException(string message)
        : base(message)
    {
    }

    public ServerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
