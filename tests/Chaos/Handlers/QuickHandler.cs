using Millrace.Handlers;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Handlers;

/// <summary>Is done at once. Also <c>flaky</c>: the first attempts fail, as the data say.</summary>
internal sealed class QuickHandler(Witness witness) : WitnessedHandler(witness)
{
    protected override ValueTask WorkAsync(ChaosData data, TaskContext context) => ValueTask.CompletedTask;
}
