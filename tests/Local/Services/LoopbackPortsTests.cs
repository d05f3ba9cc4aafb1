using System.Net;
using System.Net.Sockets;
using Millrace.Local.Services;

namespace Millrace.Tests.Local.Services;

public sealed class LoopbackPortsTests
{
    [Fact]
    public void A_block_of_ports_is_moved_as_a_whole_when_one_of_it_is_taken()
    {
        var free = LoopbackPorts.Choose(20500, 2, []);
        using var squatter = new TcpListener(IPAddress.Loopback, free[1]);
        squatter.Start();

        var next = LoopbackPorts.Choose(free[0], 2, []);

        Assert.True(next[0] > free[1]);
        Assert.Equal(next[0] + 1, next[1]);
    }

    [Fact]
    public void A_port_claimed_for_another_server_is_not_chosen()
    {
        var free = LoopbackPorts.Choose(20700, 1, []);

        Assert.True(LoopbackPorts.Choose(free[0], 1, free)[0] > free[0]);
    }
}
