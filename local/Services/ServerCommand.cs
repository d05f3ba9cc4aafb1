namespace Millrace.Local.Services;

/// <summary>How a server is started.</summary>
internal sealed record ServerCommand(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory);
