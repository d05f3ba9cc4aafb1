using System.Net;
using System.Net.Sockets;
using Millrace.Tests.Chaos.Network;
using Millrace.Tests.Chaos.Places;

namespace Millrace.Tests.ChaosProgram;

/// <summary>A relay passes, refuses, stalls without a word, cuts and delays. The server behind it says back what it hears.</summary>
public sealed class RelayTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private readonly TcpListener echo = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> clients = [];
    private Relay relay = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_said_comes_back()
    {
        var client = await ConnectAsync();
        Assert.Equal("hello", await SayAsync(client, "hello"));
    }

    [Fact]
    public async Task A_stalled_connection_hears_nothing_and_goes_on_when_it_passes_again()
    {
        var client = await ConnectAsync();
        Assert.Equal("one", await SayAsync(client, "one"));
        relay.HalfOpen();
        var answer = SayAsync(client, "two");
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(Short, TimeProvider.System, Cancellation));
        relay.Pass();
        Assert.Equal("two", await answer);
    }

    [Fact]
    public async Task While_it_stalls_new_connections_are_accepted_and_hear_nothing()
    {
        relay.HalfOpen();
        var client = await ConnectAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => SayAsync(client, "hello").WaitAsync(Short, TimeProvider.System, Cancellation));
    }

    [Fact]
    public async Task A_cut_connection_is_reset()
    {
        var client = await ConnectAsync();
        Assert.Equal("one", await SayAsync(client, "one"));
        relay.Cut();
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await SayAsync(client, "two");
            await SayAsync(client, "three");
        });
    }

    [Fact]
    public async Task A_relay_that_refuses_leaves_what_is_there_and_passes_again_on_the_same_port()
    {
        var before = await ConnectAsync();
        Assert.Equal("one", await SayAsync(before, "one"));
        relay.Refuse();
        await Assert.ThrowsAsync<SocketException>(ConnectAsync);
        Assert.Equal("two", await SayAsync(before, "two"));
        relay.Pass();
        var after = await ConnectAsync();
        Assert.Equal("three", await SayAsync(after, "three"));
    }

    [Fact]
    public async Task Latency_is_added_in_both_directions_and_keeps_the_order()
    {
        var client = await ConnectAsync();
        relay.Delay(TimeSpan.FromMilliseconds(100));
        var began = TimeProvider.System.GetTimestamp();
        var said = string.Concat(Enumerable.Range(0, 2_000));
        Assert.Equal(said, await SayAsync(client, said));
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(195));
    }

    [Fact]
    public async Task The_end_of_one_side_reaches_the_other()
    {
        var client = await ConnectAsync();
        Assert.Equal("bye", await SayAsync(client, "bye"));
        var stream = client.GetStream();
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancellation));
    }

    public ValueTask InitializeAsync()
    {
        echo.Start();
        _ = EchoAsync();
        relay = new Relay(Ports.Take(1)[0], ((IPEndPoint)echo.LocalEndpoint).Port);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(static client => client.Dispose());
        await relay.DisposeAsync();
        echo.Dispose();
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        clients.Add(client);
        await client.ConnectAsync(IPAddress.Loopback, relay.Port, Cancellation);
        return client;
    }

    private static async Task<string> SayAsync(TcpClient client, string text)
    {
        var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text), Cancellation);
        var answer = new byte[text.Length];
        await stream.ReadExactlyAsync(answer, Cancellation);
        return System.Text.Encoding.ASCII.GetString(answer);
    }

    private async Task EchoAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await echo.AcceptTcpClientAsync(Cancellation));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }
    }

    private static async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await client.GetStream().CopyToAsync(client.GetStream(), Cancellation);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                // Cut, as the test wanted.
            }
        }
    }
}
