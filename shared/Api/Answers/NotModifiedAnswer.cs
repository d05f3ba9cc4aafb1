using Microsoft.AspNetCore.Http;

namespace Millrace.Api.Answers;

/// <summary>304: the client has it already.</summary>
internal sealed class NotModifiedAnswer(string tag) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        httpContext.Response.Headers.ETag = tag;
        return Task.CompletedTask;
    }
}
