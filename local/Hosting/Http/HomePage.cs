using Microsoft.AspNetCore.Http;

namespace Millrace.Local.Hosting.Http;

/// <summary><c>GET /</c> when no function has that route: a page that says the host is up, or 204 when it is switched off.</summary>
internal static class HomePage
{
    private const string Html =
        "<!DOCTYPE html><html lang=\"en\"><head><title>Functions host</title></head><body><p>Your functions host is up and running.</p></body></html>";

    public static Task WriteAsync(HttpContext context, bool isEnabled)
    {
        if (!isEnabled)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsync(Html, context.RequestAborted);
    }
}
