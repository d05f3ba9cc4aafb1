using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Millrace.Api.OpenApi;

/// <summary>The API about itself: the document, and a page to read and try it. Everything comes from this process.</summary>
public sealed class ApiGuide
{
    private const string ViewerFolder = "Swashbuckle.AspNetCore.SwaggerUI.node_modules.swagger_ui_dist.";
    private const string OwnFolder = "docs/";

    /// <summary>The browser itself refuses to ask another host; the viewer writes styles into its elements, and pictures into its styles.</summary>
    private const string OnlyThisHost =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>What the page may ask for, and what that is. The viewer's licence travels with it.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Files = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["docs.css"] = "text/css; charset=utf-8",
        ["docs.js"] = "text/javascript; charset=utf-8",
        ["swagger-ui.css"] = "text/css; charset=utf-8",
        ["swagger-ui-bundle.js"] = "text/javascript; charset=utf-8",
        ["favicon-32x32.png"] = "image/png",
        ["LICENSE"] = "text/plain; charset=utf-8",
        ["NOTICE"] = "text/plain; charset=utf-8",
    };

    private readonly Lazy<byte[]> document = new(ApiDocument.Write);

    internal ApiGuide()
    {
    }

    /// <summary>OpenAPI 3.1.</summary>
    public IResult Document() => new BytesAnswer(document.Value, "application/json");

    /// <summary>The page.</summary>
    public static IResult Page() => new BytesAnswer(Own("docs.html"), "text/html; charset=utf-8") { ContentSecurityPolicy = OnlyThisHost };

    /// <summary>A file of the page; 404 for any other.</summary>
    public static IResult File(string name) => Files.TryGetValue(name, out var type)
        ? new BytesAnswer(name.StartsWith("docs.", StringComparison.Ordinal) ? Own(name) : Viewer(name), type) { CacheControl = "public, max-age=3600" }
        : TypedResults.NotFound();

    private static byte[] Own(string name)
    {
        using var file = typeof(ApiGuide).Assembly.GetManifestResourceStream(OwnFolder + name)!;
        return Read(file);
    }

    /// <summary>The package holds its files compressed, for a middleware that no Functions app can have.</summary>
    private static byte[] Viewer(string name)
    {
        using var packed = typeof(SwaggerUIOptions).Assembly.GetManifestResourceStream(ViewerFolder + name)!;
        using var file = new GZipStream(packed, CompressionMode.Decompress);
        return Read(file);
    }

    private static byte[] Read(Stream file)
    {
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return copy.ToArray();
    }
}
