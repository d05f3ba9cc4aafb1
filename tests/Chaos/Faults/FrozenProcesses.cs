using Millrace.Tests.Chaos.Places;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Faults;

/// <summary>What is done to processes that are not executors.</summary>
internal static class FrozenProcesses
{
    /// <summary>They stop, notice nothing, and go on.</summary>
    internal static async Task FreezeAsync(IReadOnlyList<int> processes, double seconds, CancellationToken cancellation)
    {
        foreach (var process in processes)
        {
            Native.Send(process, Native.Stop);
        }

        try
        {
            await World.PauseAsync(seconds, cancellation);
        }
        finally
        {
            foreach (var process in processes)
            {
                Native.Send(process, Native.Continue);
            }
        }
    }
}
