using System.Diagnostics;
using Millrace.Handlers;
using Millrace.Lifecycle;

namespace Millrace.Tests.Support;

/// <summary>Takes its process down with it.</summary>
internal sealed class KillingHandler : TaskHandler
{
    public override async ValueTask<TaskOutcome> RunAsync(TaskContext context)
    {
        Process.GetCurrentProcess().Kill();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        return TaskOutcome.Succeeded();
    }
}
