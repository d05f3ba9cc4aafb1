using System.Net;
using System.Net.Sockets;
using System.Text;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>A body that stops being HTTP in the middle, or is compressed, is the client's fault, and is answered as that.</summary>
public sealed class BrokenBodyTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    [Theory]
    [InlineData("POST", "api/v1/tasks")]
    [InlineData("PUT", "api/v1/queues/broken")]
    [InlineData("PATCH", "api/v1/tasks/01890a5d-ac96-774b-bcce-b302099a8057")]
    [InlineData("POST", "api/v1/search/tasks/bulk-action")]
    public async Task A_chunk_that_is_none_is_a_problem_and_no_fault_of_a_function(string method, string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, pipeline.Host.Client.BaseAddress!.Port, Place.Cancellation);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"{method} /{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{{\r\nno\r\n"),
            Place.Cancellation);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(Place.Cancellation);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains("The body could not be read to its end", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(pipeline.Host.Log.Warnings, static text => text.Contains("failed over HTTP", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("api/v1/tasks", "application/json", "gzip", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("api/v1/tasks", "application/cloudevents+json", "br", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("api/v1/tasks/bulk", "application/x-ndjson", "gzip", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("api/v1/tasks/bulk", "application/x-ndjson", "identity", HttpStatusCode.OK)]
    public async Task A_compressed_body_is_refused_and_not_read_as_if_it_were_plain(string path, string type, string coding, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new StringContent("""{"type": "echo"}""");
        request.Content.Headers.ContentType = new(type);
        request.Content.Headers.ContentEncoding.Add(coding);
        using var answer = await pipeline.Host.Client.SendAsync(request, Place.Cancellation);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status != HttpStatusCode.OK, answer.Content.Headers.ContentType?.MediaType == "application/problem+json");
    }
}
