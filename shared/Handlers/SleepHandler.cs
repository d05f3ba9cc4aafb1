using System.Text.Json.Serialization.Metadata;
using Millrace.Lifecycle;

namespace Millrace.Handlers;

/// <summary><c>sleep</c>: <c>{"seconds": 2.5}</c>, up to a day; reports its progress and stops when it is told to.</summary>
internal sealed class SleepHandler(TimeProvider clock) : TaskHandler<SleepData>
{
    protected override JsonTypeInfo<SleepData> Format => HandlerJson.Default.SleepData;

    protected override async ValueTask<TaskOutcome> RunAsync(SleepData data, TaskContext context)
    {
        if (data.Seconds is not (>= 0 and <= 86_400))
        {
            throw new UnreadableDataException("Write seconds from 0 to 86400.");
        }

        var slices = (int)Math.Clamp(data.Seconds, 1, 100);
        for (var slice = 1; slice <= slices; slice++)
        {
            await Task.Delay(TimeSpan.FromSeconds(data.Seconds / slices), clock, context.Cancellation);
            context.Progress(100.0 * slice / slices);
        }

        return TaskOutcome.Succeeded();
    }
}
