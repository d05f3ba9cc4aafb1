using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>A client that goes in the middle of a stream: whole chunks stay, the host says how far it came, and the rest can follow.</summary>
public sealed class BrokenStreamTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private const int BrokeOff = 1000;
    private const int Chunk = 2_000;
    private const int Sent = 7_300;
    private const int All = 9_000;

    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task Whole_chunks_stay_and_the_same_stream_again_completes_them()
    {
        await pipeline.Place.ExecuteAsync("INSERT INTO queues (name, paused) VALUES ($1, true)", work.Queue);
        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(IPAddress.Loopback, pipeline.Host.Client.BaseAddress!.Port, Place.Cancellation);
            await SendAllAsync(socket, Head());
            await SendAllAsync(socket, Lines(Sent));

            // Three chunks are whole; the third is committed once nothing more comes.
            await pipeline.Place.UntilAsync("count(*) >= $2 FROM tasks WHERE queue_name = $1", work.Queue, 2L * Chunk);
            socket.LingerState = new LingerOption(true, 0);
        }

        await pipeline.Host.Log.WaitForAsync(BrokeOff);

        var kept = await pipeline.Place.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1", work.Queue);
        var warning = Assert.Single(pipeline.Host.Log.Warnings, static text => text.StartsWith("A bulk stream broke off", StringComparison.Ordinal));
        Assert.Equal((0, true), (kept % Chunk, kept is >= 2 * Chunk and < Sent));
        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"A bulk stream broke off after {Sent} lines; those through line {kept} are committed"),
            warning, StringComparison.Ordinal);
        Assert.Equal(
            string.Join(',', Enumerable.Range(0, (int)kept)),
            await pipeline.Place.ScalarAsync<string>("SELECT string_agg(data::text, ',' ORDER BY (data::text)::int) FROM tasks WHERE queue_name = $1", work.Queue));
        await CompleteAsync((int)kept);
    }

    private async Task CompleteAsync(int kept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/tasks/bulk");
        request.Content = new ByteArrayContent(Lines(All));
        request.Content.Headers.Add("Content-Type", "application/x-ndjson");
        request.Headers.Add("Idempotency-Key", work.Queue);
        using var answer = await pipeline.Host.Client.SendAsync(request, Place.Cancellation);
        var body = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Place.Cancellation));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((All - kept, kept), (body.GetProperty("accepted").GetInt32(), body.GetProperty("duplicates").GetInt32()));
        Assert.Equal(All, await pipeline.Place.ScalarAsync<long>("SELECT count(DISTINCT data::text) FROM tasks WHERE queue_name = $1", work.Queue));
        Assert.Equal(All, await pipeline.Place.ScalarAsync<long>("SELECT count(*) FROM tasks WHERE queue_name = $1", work.Queue));
    }

    /// <summary>Promises more than is ever sent.</summary>
    private byte[] Head() => Encoding.ASCII.GetBytes(
        $"POST /api/v1/tasks/bulk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nIdempotency-Key: {work.Queue}\r\nContent-Length: 90000000\r\n\r\n");

    private byte[] Lines(int count) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, count).Select(
        n => string.Create(CultureInfo.InvariantCulture, $"{{\"type\": \"process\", \"queue_name\": \"{work.Queue}\", \"data\": {n}}}\n"))));

    private static async Task SendAllAsync(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), Place.Cancellation);
        }
    }
}
