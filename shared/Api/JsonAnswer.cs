using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Millrace.Api;

/// <summary>An answer whose body is one value as JSON, written straight to the response.</summary>
internal sealed class JsonAnswer<T>(int status, T value, JsonTypeInfo<T> format, string contentType = "application/json") : IResult
{
    internal T Value => value;

    internal int Status => status;

    /// <summary>Sent as <c>Location</c>, where set.</summary>
    internal string? Location { get; init; }

    /// <summary>Sent as <c>Retry-After</c>, where set.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }

        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await JsonSerializer.SerializeAsync(response.BodyWriter, value, format, httpContext.RequestAborted);
    }
}
