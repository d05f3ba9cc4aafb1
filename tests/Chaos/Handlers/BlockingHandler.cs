using Millrace.Handlers;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Handlers;

/// <summary>Holds a thread of the pool and hears nothing, as handlers do that call old libraries.</summary>
internal sealed class BlockingHandler(Witness witness) : WitnessedHandler(witness)
{
    protected override ValueTask WorkAsync(ChaosData data, TaskContext context)
    {
        Task.Delay(TimeSpan.FromSeconds(data.Seconds), TimeProvider.System, CancellationToken.None).Wait(CancellationToken.None);
        return ValueTask.CompletedTask;
    }
}
