using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Millrace.Api.Answers;

/// <summary>An answer whose body is one value as JSON.</summary>
internal sealed class JsonAnswer<T>(int status, T value, JsonTypeInfo<T> format, string contentType = "application/json") : IResult
{
    internal T Value => value;

    internal int Status => status;

    /// <summary>Sent as <c>Location</c>, where set.</summary>
    internal string? Location { get; init; }

    /// <summary>Sent as <c>ETag</c>, where set.</summary>
    internal string? ETag { get; init; }

    /// <summary>Says that a submission was known already, by the header that others use for it.</summary>
    internal bool IsReplayed { get; init; }

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

        if (ETag is not null)
        {
            response.Headers.ETag = ETag;
        }

        if (IsReplayed)
        {
            response.Headers["Idempotent-Replayed"] = "true";
        }

        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        // Whole before the first byte leaves: the length is known, and a value that cannot be written is a 500, not half an answer.
        await AnswerBody.SendAsync(httpContext, JsonSerializer.SerializeToUtf8Bytes(value, format));
    }
}
