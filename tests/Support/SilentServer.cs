using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Millrace.Tests.Support;

/// <summary>A storage account that hangs: it takes every connection and answers none.</summary>
internal sealed class SilentServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Socket> taken = new();
    private readonly SemaphoreSlim came = new(0);
    private readonly Task taking;

    internal SilentServer()
    {
        listener.Start();
        taking = TakeAsync();
    }

    /// <summary>Connections that it has taken.</summary>
    internal int Taken => taken.Count;

    internal string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName=silent;AccountKey=c2lsZW50;QueueEndpoint=http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/silent;";

    /// <summary>Returns once so many connections have come since the last call.</summary>
    internal async Task UntilTakenAsync(int count)
    {
        for (var n = 0; n < count; n++)
        {
            Assert.True(await came.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), $"Only {n} of {count} connections came.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await taking;
        while (taken.TryDequeue(out var connection))
        {
            connection.Dispose();
        }

        came.Dispose();
    }

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                taken.Enqueue(await listener.AcceptSocketAsync());
                came.Release();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed.
        }
    }
}
