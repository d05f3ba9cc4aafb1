using System.Globalization;
using System.Text;

namespace Millrace.Client;

/// <summary>A path and its parameters, escaped; one that is null is left out.</summary>
internal sealed class Query(string path)
{
    private readonly StringBuilder text = new(path);
    private char separator = '?';

    internal Query With(string name, string? value)
    {
        if (value is not null)
        {
            text.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return this;
    }

    internal Query With(string name, int? value) => With(name, value?.ToString(CultureInfo.InvariantCulture));

    internal Query With(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            With(name, value);
        }

        return this;
    }

    public override string ToString() => text.ToString();
}
