namespace Millrace.Local.Hosting.Keys;

/// <summary>The key file's shape: one master key, then keys by name.</summary>
internal sealed record KeyFile(
    string Master,
    Dictionary<string, string> Host,
    Dictionary<string, string> System,
    Dictionary<string, Dictionary<string, string>> Functions);
