using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;

namespace Millrace.Tests.Api;

public sealed class AnswerBodyTests
{
    private static readonly byte[] Large = Encoding.UTF8.GetBytes(new string('a', 5_000));

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("br;q=0.5, gzip;q=0.9", "gzip")]
    [InlineData("br;q=0, gzip;q=0.1", "gzip")]
    [InlineData("*", "br")]
    [InlineData("br;q=0, *;q=0.4", "gzip")]
    [InlineData("*;q=0", "")]
    [InlineData("deflate, zstd", "")]
    [InlineData("identity, gzip;q=0.5", "")]
    [InlineData("identity;q=0.2, gzip;q=0.5", "gzip")]
    [InlineData("", "")]
    [InlineData(";;=,,", "")]
    [InlineData(null, "")]
    public async Task A_large_body_comes_in_the_coding_that_the_client_likes_best(string? accepted, string coding)
    {
        var (response, sent) = await SendAsync(Large, accepted);

        Assert.Equal(coding, response.Headers.ContentEncoding.ToString());
        Assert.Equal("Accept-Encoding", response.Headers.Vary.ToString());
        Assert.Equal(sent.Length, response.ContentLength);
        Assert.Equal(Large, Plain(sent, coding));
    }

    [Fact]
    public async Task A_small_body_comes_as_it_is()
    {
        var small = Large[..AnswerBody.LargestPlain];
        var (response, sent) = await SendAsync(small, "br");

        Assert.Equal(small, sent);
        Assert.Empty(response.Headers.ContentEncoding.ToString());
        Assert.Empty(response.Headers.Vary.ToString());
    }

    [Theory]
    [InlineData("br")]
    [InlineData(null)]
    public async Task HEAD_answers_the_headers_of_GET_and_no_body(string? accepted)
    {
        var (get, body) = await SendAsync(Large, accepted);
        var (head, none) = await SendAsync(Large, accepted, HttpMethods.Head);

        Assert.Empty(none);
        Assert.Equal(body.Length, head.ContentLength);
        Assert.Equal(get.Headers.ToDictionary(), head.Headers.ToDictionary());
    }

    private static async Task<(HttpResponse Response, byte[] Sent)> SendAsync(byte[] body, string? accepted, string method = "GET")
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Request.Headers.AcceptEncoding = accepted;
        using var sent = new MemoryStream();
        context.Response.Body = sent;
        await AnswerBody.SendAsync(context, body);
        await context.Response.BodyWriter.FlushAsync(TestContext.Current.CancellationToken);
        return (context.Response, sent.ToArray());
    }

    private static byte[] Plain(byte[] sent, string coding)
    {
        using var source = new MemoryStream(sent);
        using Stream reader = coding switch
        {
            "br" => new BrotliStream(source, CompressionMode.Decompress),
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            _ => source,
        };
        using var plain = new MemoryStream();
        reader.CopyTo(plain);
        return plain.ToArray();
    }
}
