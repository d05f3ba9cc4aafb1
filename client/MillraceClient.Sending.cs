using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly;
using Polly.Timeout;

namespace Millrace.Client;

public sealed partial class MillraceClient
{
    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    private static HttpRequestMessage Post(string path) => new(HttpMethod.Post, path);

    private static HttpRequestMessage With<T>(HttpRequestMessage request, T body, JsonTypeInfo<T> format, string mediaType = JsonBody.Json)
    {
        request.Content = JsonBody.From(body, format, mediaType);
        return request;
    }

    private static HttpRequestMessage With(HttpRequestMessage request, CallPatience patience)
    {
        request.Options.Set(CallPatience.Key, patience);
        return request;
    }

    /// <summary>The body of a good answer; a refusal is thrown.</summary>
    private async Task<T> AskAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> format, CancellationToken cancellation)
    {
        using var answer = await SendAsync(request, cancellation);
        return await ReadAsync(answer, format, cancellation);
    }

    /// <summary>Null when the API says that there is no such thing. Another 404 is a fault: the address is not the API's.</summary>
    private async Task<T?> FindAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> format, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await AskAsync(request, format, cancellation);
        }
        catch (MillraceException exception) when (exception.IsNotThere)
        {
            return null;
        }
    }

    /// <summary>An answer with a good status; the caller disposes it. The request is done with.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var answer = await SendAnyAsync(request, cancellation);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw Refusal.Of(answer, await ReadBytesAsync(answer, cancellation));
        }
    }

    private async Task<HttpResponseMessage> SendAnyAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            try
            {
                return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            }
            catch (Exception exception) when (exception is HttpRequestException or ExecutionRejectedException)
            {
                throw Refusal.Unanswered(request, exception);
            }
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> format, CancellationToken cancellation)
    {
        var body = await ReadBytesAsync(answer, cancellation);
        try
        {
            return JsonSerializer.Deserialize(body, format) ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw Refusal.Unreadable(answer, exception);
        }
    }

    /// <summary>The handlers bound the way to the headers; this bounds the rest.</summary>
    private async Task<byte[]> ReadBytesAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(options.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        try
        {
            return await answer.Content.ReadAsByteArrayAsync(either.Token);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested
            && exception is HttpRequestException or IOException or OperationCanceledException)
        {
            throw Refusal.CutShort(answer, exception);
        }
    }

    /// <summary>Every item of every page.</summary>
    private static async IAsyncEnumerable<TItem> FollowAsync<TPage, TItem>(
        Func<string?, CancellationToken, Task<TPage>> read, Func<TPage, IReadOnlyList<TItem>> items, Func<TPage, string?> next,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? cursor = null;
        do
        {
            var page = await read(cursor, cancellation);
            foreach (var item in items(page))
            {
                yield return item;
            }

            cursor = next(page);
        }
        while (cursor is not null);
    }
}
