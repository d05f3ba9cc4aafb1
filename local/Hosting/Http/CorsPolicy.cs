using Microsoft.AspNetCore.Http;

namespace Millrace.Local.Hosting.Http;

/// <summary><c>Host.CORS</c> of local.settings.json: a star, or origins separated by commas.</summary>
internal sealed class CorsPolicy(string origins)
{
    private readonly string[] allowed = origins.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Adds the headers. True when the request was a preflight, which is answered here.</summary>
    public bool Answer(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || !(allowed.Contains("*") || allowed.Contains(origin, StringComparer.OrdinalIgnoreCase)))
        {
            return false;
        }

        response.Headers.AccessControlAllowOrigin = allowed.Contains("*") ? "*" : origin;
        response.Headers.Vary = "Origin";
        if (!HttpMethods.IsOptions(request.Method) || request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return false;
        }

        response.Headers.AccessControlAllowMethods = request.Headers.AccessControlRequestMethod;
        response.Headers.AccessControlAllowHeaders = request.Headers.AccessControlRequestHeaders;
        response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }
}
