using Microsoft.AspNetCore.Http;

namespace Millrace.Api.Answers;

/// <summary>An answer whose body is ready: text, a document, a file.</summary>
internal sealed class BytesAnswer(ReadOnlyMemory<byte> body, string contentType) : IResult
{
    /// <summary>Sent as <c>Cache-Control</c>, where set.</summary>
    internal string? CacheControl { get; init; }

    /// <summary>Sent as <c>Content-Security-Policy</c>, where set.</summary>
    internal string? ContentSecurityPolicy { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = contentType;
        response.Headers.XContentTypeOptions = "nosniff";
        if (CacheControl is not null)
        {
            response.Headers.CacheControl = CacheControl;
        }

        if (ContentSecurityPolicy is not null)
        {
            response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        }

        return AnswerBody.SendAsync(httpContext, body);
    }
}
