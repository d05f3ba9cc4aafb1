using System.Text.Json.Serialization.Metadata;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Tests.Chaos.Witnessing;

namespace Millrace.Tests.Chaos.Handlers;

/// <summary>A handler whose every begin and end is written down, before the pipeline hears of either.</summary>
internal abstract class WitnessedHandler(Witness witness) : TaskHandler<ChaosData>
{
    protected override JsonTypeInfo<ChaosData> Format => ChaosJson.Default.ChaosData;

    protected sealed override async ValueTask<TaskOutcome> RunAsync(ChaosData data, TaskContext context)
    {
        witness.Saw(WitnessEvent.Begin, context);
        try
        {
            await WorkAsync(data, context);
        }
        catch (OperationCanceledException)
        {
            witness.Saw(WitnessEvent.Stopped, context);
            throw;
        }

        if (context.AttemptNumber <= data.Failures)
        {
            witness.Saw(WitnessEvent.Failed, context);
            return TaskOutcome.Failed("on_purpose", "This attempt was meant to fail.");
        }

        witness.Saw(WitnessEvent.Succeeded, context);
        return TaskOutcome.Succeeded();
    }

    protected abstract ValueTask WorkAsync(ChaosData data, TaskContext context);
}
