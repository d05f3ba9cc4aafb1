using System.Net;
using System.Net.Sockets;
using System.Text;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>A body that stops being HTTP in the middle is the client's fault, and is answered as that.</summary>
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
}
