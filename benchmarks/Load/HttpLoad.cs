using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Millrace.Benchmarks.Load;

/// <summary>The same POST again and again over plain sockets: light, for it shares the cores with what it measures.</summary>
internal static class HttpLoad
{
    /// <returns>Milliseconds per answered request.</returns>
    /// <exception cref="InvalidOperationException">An answer was not 202.</exception>
    internal static async Task<double[]> RunAsync(
        Uri url, string path, string body, int connections, TimeSpan length, CancellationToken cancellation)
    {
        var request = Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        var end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => LoopAsync(url, request, end, cancellation))));
        return [.. all.SelectMany(static took => took)];
    }

    private static async Task<List<double>> LoopAsync(Uri url, byte[] request, long end, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, url.Port, cancellation);
        List<double> took = [];
        var buffer = new byte[8_192];
        while (Stopwatch.GetTimestamp() < end)
        {
            var began = Stopwatch.GetTimestamp();
            await socket.SendAsync(request, cancellation);
            await AnswerAsync(socket, buffer, cancellation);
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return took;
    }

    private static async Task AnswerAsync(Socket socket, byte[] buffer, CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            length += read;
            if (read == 0 || IsWhole(buffer.AsSpan(0, length)))
            {
                break;
            }
        }

        if (!buffer.AsSpan(0, length).StartsWith("HTTP/1.1 202"u8))
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(buffer, 0, length));
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        var at = answer.IndexOf("Content-Length: "u8);
        if (head < 0 || at < 0)
        {
            return false;
        }

        var digits = answer[(at + 16)..];
        return answer.Length >= head + 4 + int.Parse(digits[..digits.IndexOf((byte)'\r')], CultureInfo.InvariantCulture);
    }
}
