namespace Millrace.Local.Hosting;

/// <summary>The app cannot start; each fault is a sentence that says what to write instead.</summary>
public sealed class FunctionsHostException : Exception
{
    public FunctionsHostException()
    {
    }

    public FunctionsHostException(string message)
        : base(message)
    {
    }

    public FunctionsHostException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public FunctionsHostException(IReadOnlyList<string> faults)
        : base(string.Join(Environment.NewLine, faults)) => Faults = faults;

    public IReadOnlyList<string> Faults { get; } = [];
}
