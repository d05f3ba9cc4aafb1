using System.Diagnostics.CodeAnalysis;

namespace Millrace.Local.Hosting.Settings;

/// <summary>
/// The app settings as the real host sees them: environment over <c>local.settings.json</c> over the given defaults.
/// Names ignore case, and <c>__</c> is read as <c>:</c>.
/// </summary>
internal sealed class AppSettings(IReadOnlyDictionary<string, string> values)
{
    private const string DefaultConnection = "AzureWebJobsStorage";

    public IReadOnlyDictionary<string, string> Values { get; } = values;

    public string? this[string name] => Values.GetValueOrDefault(Key(name));

    public static AppSettings Merge(params ReadOnlySpan<IEnumerable<KeyValuePair<string, string>>> weakestFirst)
    {
        var merged = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var layer in weakestFirst)
        {
            foreach (var (name, value) in layer)
            {
                merged[Key(name)] = value;
            }
        }

        return new AppSettings(merged);
    }

    /// <summary>A trigger's <c>Connection</c>: AzureWebJobsX, then X, each first under ConnectionStrings.</summary>
    public bool TryGetConnection(string? name, [NotNullWhen(true)] out string? connectionString)
    {
        var plain = string.IsNullOrEmpty(name) ? DefaultConnection : name;
        connectionString = NonEmpty("ConnectionStrings:AzureWebJobs" + plain) ?? NonEmpty("AzureWebJobs" + plain)
            ?? NonEmpty("ConnectionStrings:" + plain) ?? NonEmpty(plain);
        return connectionString is not null;
    }

    /// <summary>Replaces a whole <c>%Name%</c> by its setting; anything else stays as it is.</summary>
    public bool TryResolve(string text, [NotNullWhen(true)] out string? resolved)
    {
        var isToken = text.Length > 2 && text[0] == '%' && text[^1] == '%';
        resolved = isToken ? NonEmpty(text[1..^1]) : text;
        return resolved is not null;
    }

    public bool IsTrue(string name) =>
        this[name] is { } text && (text == "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase));

    private static string Key(string name) => name.Replace("__", ":", StringComparison.Ordinal);

    private string? NonEmpty(string name) => this[name] is { Length: > 0 } value ? value : null;
}
