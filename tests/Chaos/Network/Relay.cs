using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Millrace.Tests.Chaos.Network;

/// <summary>
/// Stands between one executor and one server, on loopback: passes, refuses, stalls without a word, cuts, delays. Its port stays the
/// same for as long as it lives.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly int target;
    private readonly ConcurrentDictionary<RelayConnection, Task> connections = new();
    private readonly Lock gate = new();
    private TcpListener? listener;

    internal Relay(int port, int target)
    {
        (Port, this.target) = (port, target);
        Accept();
    }

    internal int Port { get; }

    internal RelayRoad ToServer { get; } = new();

    internal RelayRoad ToClient { get; } = new();

    /// <summary>Everything goes through again.</summary>
    internal void Pass()
    {
        (ToServer.Latency, ToClient.Latency) = (TimeSpan.Zero, TimeSpan.Zero);
        ToServer.Open();
        ToClient.Open();
        Accept();
    }

    /// <summary>New connections are refused; those that are there go on.</summary>
    internal void Refuse()
    {
        lock (gate)
        {
            listener?.Dispose();
            listener = null;
        }
    }

    /// <summary>Connections are accepted and nothing arrives; those that are there stall, and nobody is told. What was sent arrives once it passes again.</summary>
    internal void HalfOpen()
    {
        ToServer.Stall();
        ToClient.Stall();
    }

    /// <summary>Every connection is reset.</summary>
    internal void Cut()
    {
        foreach (var connection in connections.Keys)
        {
            connection.Cut();
        }
    }

    /// <summary>What goes through arrives this much later, in each direction.</summary>
    internal void Delay(TimeSpan latency) => (ToServer.Latency, ToClient.Latency) = (latency, latency);

    public async ValueTask DisposeAsync()
    {
        Refuse();
        Cut();
        await Task.WhenAll(connections.Values).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    private void Accept()
    {
        lock (gate)
        {
            if (listener is null)
            {
                listener = new TcpListener(IPAddress.Loopback, Port);
                listener.Start(backlog: 512);
                _ = AcceptAsync(listener);
            }
        }
    }

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true)
            {
                var connection = new RelayConnection(await from.AcceptSocketAsync(), target, ToServer, ToClient);
                connections[connection] = RunAsync(connection);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The relay refuses from now on.
        }
    }

    private async Task RunAsync(RelayConnection connection)
    {
        // The table knows of it before it can leave the table.
        await Task.Yield();
        await connection.RunAsync();
        connections.TryRemove(connection, out _);
        connection.Dispose();
    }
}
