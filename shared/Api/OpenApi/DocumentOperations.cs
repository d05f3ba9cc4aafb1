namespace Millrace.Api.OpenApi;

/// <summary>The API about itself.</summary>
internal static class DocumentOperations
{
    private const string Topic = "Document";

    internal static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("OpenApi", "GET", "/api/v1/openapi.json", Topic, "This document.")
        {
            NeedsDatabase = false,
            Answers = [new(200, "OpenAPI 3.1.", null, "application/json")],
        },
        new("Docs", "GET", "/docs", Topic, "A page to read this document and to try it.")
        {
            Access = ApiAccess.Anonymous,
            NeedsDatabase = false,
            Answers = [new(200, "The page.", null, "text/html")],
        },
        new("DocsFile", "GET", "/docs/{file}", Topic, "What the page is made of.")
        {
            Access = ApiAccess.Anonymous,
            NeedsDatabase = false,
            Answers = [new(200, "The file.", null, "*/*"), new(404, "The page has no such file.")],
        },
    ];
}
