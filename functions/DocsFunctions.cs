using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Api.OpenApi;

namespace Millrace.Functions;

/// <summary>The API about itself. The page holds no data, so it needs no key; the document that it reads does.</summary>
public sealed class DocsFunctions(ApiGuide guide)
{
    /// <summary><c>GET /api/v1/openapi.json</c></summary>
    [Function("OpenApi")]
    public IResult OpenApi(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "api/v1/openapi.json")] HttpRequest request) =>
        guide.Document();

    /// <summary><c>GET /docs</c></summary>
    [Function("Docs")]
    public IResult Docs(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "docs")] HttpRequest request) =>
        ApiGuide.Page();

    /// <summary><c>GET /docs/{file}</c></summary>
    [Function("DocsFile")]
    public IResult DocsFile(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "docs/{file}")] HttpRequest request, string file) =>
        ApiGuide.File(file);
}
