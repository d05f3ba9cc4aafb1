using System.Net;
using System.Net.Sockets;

namespace Millrace.Local.Services;

/// <summary>Finds ports on loopback, stepping over the ones that are taken.</summary>
internal static class LoopbackPorts
{
    private const int Steps = 100;

    /// <summary>
    /// The first block of <paramref name="count"/> free ports at or after <paramref name="first"/> that <paramref
    /// name="claimed"/> does not hold.
    /// </summary>
    public static int[] Choose(int first, int count, IReadOnlyCollection<int> claimed)
    {
        for (var step = 0; step < Steps; step++)
        {
            var ports = Enumerable.Range(first + (step * count), count).ToArray();
            if (ports[^1] <= IPEndPoint.MaxPort && !ports.Any(claimed.Contains) && AreFree(ports))
            {
                return ports;
            }
        }

        throw new ServerException(
            $"The {Steps * count} ports of 127.0.0.1 from {first} on are all taken. End what listens there and start again.");
    }

    public static bool AreFree(IEnumerable<int> ports) => ports.All(IsFree);

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
