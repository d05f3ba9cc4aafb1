using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Millrace.Client;

/// <summary>A request's body as JSON, whole in memory, so that it can be sent again.</summary>
internal static class JsonBody
{
    internal const string Json = "application/json";
    internal const string EventPrefix = "application/cloudevents";

    internal static HttpContent From<T>(T body, JsonTypeInfo<T> format, string mediaType) => new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, format))
    {
        Headers = { ContentType = new MediaTypeHeaderValue(mediaType) },
    };
}
