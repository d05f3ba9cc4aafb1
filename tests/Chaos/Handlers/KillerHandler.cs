using System.Diagnostics;
using Millrace.Handlers;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Handlers;

/// <summary>Takes its process down with it.</summary>
internal sealed class KillerHandler(Witness witness) : WitnessedHandler(witness)
{
    protected override async ValueTask WorkAsync(ChaosData data, TaskContext context)
    {
        Process.GetCurrentProcess().Kill();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
    }
}
