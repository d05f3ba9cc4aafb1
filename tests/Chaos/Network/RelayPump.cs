using System.Net.Sockets;
using System.Threading.Channels;

namespace Millrace.Tests.Chaos.Network;

/// <summary>Carries bytes of one connection in one direction, in order, as its road allows. What is on the way is bounded.</summary>
internal static class RelayPump
{
    private const int MostPieces = 64;
    private const int PieceBytes = 64 * 1024;

    internal static async Task RunAsync(Socket from, Socket to, RelayRoad road, CancellationToken cancellation)
    {
        var pieces = Channel.CreateBounded<(long DueAt, byte[] Bytes)>(MostPieces);
        await Task.WhenAll(ReadAsync(from, pieces.Writer, road, cancellation), WriteAsync(to, pieces.Reader, road, cancellation));
    }

    private static async Task ReadAsync(
        Socket from, ChannelWriter<(long DueAt, byte[] Bytes)> pieces, RelayRoad road, CancellationToken cancellation)
    {
        var buffer = new byte[PieceBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, cancellation) is > 0 and var length)
            {
                var due = TimeProvider.System.GetTimestamp() + (long)(road.Latency.TotalSeconds * TimeProvider.System.TimestampFrequency);
                await pieces.WriteAsync((due, buffer[..length]), cancellation);
            }
        }
        finally
        {
            pieces.Complete();
        }
    }

    private static async Task WriteAsync(
        Socket to, ChannelReader<(long DueAt, byte[] Bytes)> pieces, RelayRoad road, CancellationToken cancellation)
    {
        await foreach (var (due, bytes) in pieces.ReadAllAsync(cancellation))
        {
            await DelayUntilAsync(due, cancellation);
            await road.WhenOpenAsync(cancellation);
            await to.SendAsync(bytes, cancellation);
        }

        // The end of a connection travels the same road as its bytes.
        await road.WhenOpenAsync(cancellation);
        to.Shutdown(SocketShutdown.Send);
    }

    private static async Task DelayUntilAsync(long due, CancellationToken cancellation)
    {
        var left = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), due);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, TimeProvider.System, cancellation);
        }
    }
}
