using System.Net;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Millrace.Lifecycle;

namespace Millrace.Handlers;

/// <summary>
/// <c>http_request</c>: sends <c>{"url", "method", "headers", "body"}</c>. 2xx succeeds; 408, 425, 429 and 5xx fail and are
/// tried again; any other status is rejected. Addresses inside the host's network are refused unless allowed by
/// <c>Millrace:Handlers:AllowPrivateAddresses</c>.
/// </summary>
internal sealed class HttpRequestHandler(HttpClient client) : TaskHandler<HttpRequestData>
{
    private const int BodyLimit = 10_000;

    protected override JsonTypeInfo<HttpRequestData> Format => HandlerJson.Default.HttpRequestData;

    protected override async ValueTask<TaskOutcome> RunAsync(HttpRequestData data, TaskContext context)
    {
        using var request = Request(data);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.Cancellation);
        var body = await ReadStartAsync(response.Content, context.Cancellation);
        var status = (int)response.StatusCode;
        var sentence = $"{request.Method} {request.RequestUri} answered {status}.";
        return response.StatusCode switch
        {
            _ when response.IsSuccessStatusCode => TaskOutcome.Succeeded(
                new HttpRequestResult(status, body), HandlerJson.Default.HttpRequestResult),
            HttpStatusCode.RequestTimeout or (HttpStatusCode)425 or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
                => TaskOutcome.Failed($"http_{status}", sentence),
            _ => TaskOutcome.Rejected($"http_{status}", sentence),
        };
    }

    private static HttpRequestMessage Request(HttpRequestData data)
    {
        if (!Uri.TryCreate(data.Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            throw new UnreadableDataException($"'{data.Url}' is not an absolute http or https address.");
        }

        var request = new HttpRequestMessage(Method(data.Method ?? "GET"), url);
        if (data.Body is { } body)
        {
            request.Content = new StringContent(body.GetRawText(), Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in data.Headers ?? new Dictionary<string, string>())
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                throw new UnreadableDataException($"'{name}' cannot be sent as a request header. Leave it out; a content header belongs to the body.");
            }
        }

        return request;
    }

    private static HttpMethod Method(string word)
    {
        try
        {
            return HttpMethod.Parse(word);
        }
        catch (FormatException)
        {
            throw new UnreadableDataException($"'{word}' is not an HTTP method. Write GET or POST, for instance.");
        }
    }

    private static async Task<string> ReadStartAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var buffer = new char[BodyLimit];
        var length = await reader.ReadBlockAsync(buffer, cancellation);
        return new string(buffer, 0, length);
    }
}
