namespace Millrace.Local.Hosting;

/// <summary>Keys that open functions, besides the generated ones. Names are for people; only values are compared.</summary>
public sealed record FunctionKeys
{
    /// <summary>Null: the generated one.</summary>
    public string? Master { get; init; }

    /// <summary>Host keys: each opens every Function-level function.</summary>
    public IReadOnlyDictionary<string, string> Host { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> System { get; init; } = new Dictionary<string, string>();

    /// <summary>Function name, then key name, then key.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Functions { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();
}
