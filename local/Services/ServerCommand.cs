namespace Millrace.Local.Services;

/// <summary>How a server is started.</summary>
internal sealed record ServerCommand(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>What the environment of a server has beyond this process's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
