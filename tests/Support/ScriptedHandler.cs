using Millrace.Handlers;
using Millrace.Lifecycle;

namespace Millrace.Tests.Support;

/// <summary>Does what the test wrote for the task's queue.</summary>
internal sealed class ScriptedHandler(Scripts scripts) : TaskHandler
{
    public override ValueTask<TaskOutcome> RunAsync(TaskContext context) => scripts[context.QueueName](context);
}
