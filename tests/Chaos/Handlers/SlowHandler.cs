using Millrace.Handlers;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Handlers;

/// <summary>Waits, and obeys its cancellation.</summary>
internal sealed class SlowHandler(Witness witness) : WitnessedHandler(witness)
{
    protected override async ValueTask WorkAsync(ChaosData data, TaskContext context) =>
        await Task.Delay(TimeSpan.FromSeconds(data.Seconds), TimeProvider.System, context.Cancellation);
}
