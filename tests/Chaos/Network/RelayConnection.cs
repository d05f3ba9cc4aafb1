using System.Net;
using System.Net.Sockets;

namespace Millrace.Tests.Chaos.Network;

/// <summary>One connection through a relay. It ends when both sides have, or when it is cut.</summary>
internal sealed class RelayConnection(Socket client, int target, RelayRoad toServer, RelayRoad toClient) : IDisposable
{
    private readonly Socket server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource over = new();

    internal async Task RunAsync()
    {
        var isWhole = false;
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, target, over.Token);
            var up = RelayPump.RunAsync(client, server, toServer, over.Token);
            var down = RelayPump.RunAsync(server, client, toClient, over.Token);
            await Task.WhenAll(EndAsync(up), EndAsync(down));
            isWhole = true;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Refused, reset or cut: the other side hears it as a reset.
        }
        finally
        {
            End(client, isWhole);
            End(server, isWhole);
        }
    }

    internal void Cut()
    {
        try
        {
            over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    public void Dispose()
    {
        client.Dispose();
        server.Dispose();
        over.Dispose();
    }

    /// <summary>A side that breaks takes the other along; one that ends politely does not.</summary>
    private async Task EndAsync(Task pump)
    {
        try
        {
            await pump;
        }
        catch
        {
            await over.CancelAsync();
            throw;
        }
    }

    /// <summary>Both sides have said goodbye, or the other one is to hear a reset.</summary>
    private static void End(Socket socket, bool isWhole)
    {
        try
        {
            if (!isWhole)
            {
                socket.LingerState = new LingerOption(true, 0);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        socket.Dispose();
    }
}
