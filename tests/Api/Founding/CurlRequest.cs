using System.Text;
using System.Text.RegularExpressions;

namespace Millrace.Tests.Api.Founding;

/// <summary>What a <c>curl</c> line sends. It knows the options that the founding documents use; any other is a fault.</summary>
internal sealed partial record CurlRequest(string Method, Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, string? Body)
{
    /// <exception cref="FormatException">The line is not one that this reads.</exception>
    internal static CurlRequest Parse(string line)
    {
        var words = new Queue<string>(Words(line));
        if (!words.TryDequeue(out var program) || program != "curl")
        {
            throw new FormatException($"This is not curl: {line}");
        }

        var (method, url, body) = ((string?)null, (string?)null, (string?)null);
        List<KeyValuePair<string, string>> headers = [];
        while (words.TryDequeue(out var word) && word != "|")
        {
            switch (word)
            {
                case "-X": method = words.Dequeue(); break;
                case "-d": body = words.Dequeue(); break;
                case "-H":
                    var header = words.Dequeue().Split(": ", 2);
                    headers.Add(new(header[0], header[1]));
                    break;
                case ['h', 't', 't', 'p', ..] when url is null: url = word; break;
                default: throw new FormatException($"'{word}' is not known here: {line}");
            }
        }

        return new(method ?? (body is null ? "GET" : "POST"), new Uri(url!), headers, body);
    }

    /// <summary>The same to a host of ours.</summary>
    internal HttpRequestMessage To(Uri host)
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), new Uri(host, Url.PathAndQuery));
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
        }

        foreach (var (name, value) in Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    /// <summary>As a shell takes the line apart, with both kinds of quotes and lines that go on.</summary>
    private static IEnumerable<string> Words(string line) => Word().Matches(line.Replace("\\\n", " ", StringComparison.Ordinal))
        .Select(static match => match.Value is ['\'' or '"', .. var inside, _] ? inside : match.Value);

    [GeneratedRegex("""'[^']*'|"[^"]*"|[^\s'"]+""")]
    private static partial Regex Word();
}
