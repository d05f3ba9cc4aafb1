using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Millrace.Handlers;

/// <summary>
/// Opens connections for <c>http_request</c> to public addresses only, decided on the address that is really connected to,
/// so that neither a redirect nor a second DNS answer leads into the host's network.
/// </summary>
internal sealed class GuardedConnector(IOptions<HandlerOptions> options)
{
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellation);
        var allowed = options.Value.AllowPrivateAddresses ? addresses : Array.FindAll(addresses, IsPublic);
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(
                $"'{context.DnsEndPoint.Host}' is not a public address. Set Millrace__Handlers__AllowPrivateAddresses=true to allow it.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(plain) || plain.IsIPv6LinkLocal || plain.IsIPv6UniqueLocal || plain.IsIPv6Multicast
            || plain.Equals(IPAddress.IPv6Any))
        {
            return false;
        }

        var bytes = plain.GetAddressBytes();
        return bytes.Length != 4 || !(bytes[0] is 0 or 10 or 127 or >= 224
            || (bytes[0] == 100 && bytes[1] is >= 64 and <= 127)
            || (bytes[0] == 169 && bytes[1] == 254)
            || (bytes[0] == 172 && bytes[1] is >= 16 and <= 31)
            || (bytes[0] == 192 && bytes[1] == 168));
    }
}
