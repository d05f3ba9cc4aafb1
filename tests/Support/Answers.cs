using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Millrace.Tests.Support;

/// <summary>Runs an answer against a response in memory, and makes requests to ask with.</summary>
internal static class Answers
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddLogging().BuildServiceProvider();

    internal static async Task<(int Status, string Body)> ReadAsync(IResult answer)
    {
        var context = new DefaultHttpContext { RequestServices = Services };
        using var body = new MemoryStream();
        context.Response.Body = body;
        await answer.ExecuteAsync(context);
        await context.Response.BodyWriter.FlushAsync();
        return (context.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()));
    }

    internal static async Task<(int Status, JsonElement Body)> ReadJsonAsync(IResult answer)
    {
        var (status, body) = await ReadAsync(answer);
        using var document = JsonDocument.Parse(body.Length == 0 ? "null" : body);
        return (status, document.RootElement.Clone());
    }

    internal static HttpRequest Get(string query = "")
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        return context.Request;
    }

    internal static HttpRequest Post(string body = "", string? contentType = "application/json")
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Request.ContentType = contentType;
        return context.Request;
    }
}
