using Millrace.Lifecycle;

namespace Millrace.Handlers;

/// <summary><c>echo</c>: the result is the data, to the letter.</summary>
internal sealed class EchoHandler : TaskHandler
{
    public override ValueTask<TaskOutcome> RunAsync(TaskContext context) => new(TaskOutcome.SucceededWithJson(context.Data));
}
