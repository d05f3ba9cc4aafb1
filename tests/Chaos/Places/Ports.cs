using Millrace.Local.Services;

namespace Millrace.Tests.Chaos.Places;

/// <summary>
/// Ports for this run. Below 32,768, where no outgoing connection takes them while a server is down; another run of the programme
/// begins elsewhere.
/// </summary>
internal static class Ports
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static readonly Lock Gate = new();

    private static int next = First + (Environment.ProcessId * 61 % (Last - First));

    internal static int[] Take(int count)
    {
        lock (Gate)
        {
            if (next + count >= Last)
            {
                next = First;
            }

            var ports = LoopbackPorts.Choose(next, count, []);
            next = ports[^1] + 1;
            return ports;
        }
    }
}
