using Millrace.Handlers;

namespace Millrace.Tests.Chaos.Witnessing;

/// <summary>Writes down what happens in this process, in a file of its own and past the pipeline.</summary>
internal sealed class Witness(string folder) : IDisposable
{
    private readonly AppendedFile file = new(Path.Combine(folder, $"{Environment.ProcessId}{WitnessFolder.Extension}"));

    internal void Saw(WitnessEvent what, TaskContext task) => file.Append(
        new WitnessLine(
            what, task.Id.Value, task.AttemptNumber, Environment.ProcessId, Monotonic.Now, TimeProvider.System.GetUtcNow(), task.Type, task.QueueName)
        .Write());

    public void Dispose() => file.Dispose();
}
