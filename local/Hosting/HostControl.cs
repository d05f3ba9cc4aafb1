using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Millrace.Local.Hosting.Discovery;
using Millrace.Local.Hosting.Invocation;
using Millrace.Local.Hosting.Queues;

namespace Millrace.Local.Hosting;

/// <summary>What an operator can see of a running host and do to it.</summary>
internal sealed partial class HostControl(
    string hostId,
    IReadOnlyList<CompiledFunction> functions,
    FunctionPipeline pipeline,
    QueueOutputSender outputs,
    ListenerGroup listeners,
    ILogger logger)
{
    private readonly TimeProvider time = pipeline.Environment.Time;
    private readonly long started = pipeline.Environment.Time.GetTimestamp();

    public string HostId => hostId;

    public IReadOnlyList<FunctionSummary> Functions { get; } = [.. functions.Select(function => function.Descriptor.Summary)];

    public bool IsDraining => !listeners.IsRunning;

    public TimeSpan Uptime => time.GetElapsedTime(started);

    public (int Invocations, int Retries) Outstanding => (pipeline.Tally.Outstanding, pipeline.Tally.Retries);

    public FunctionDescriptor? Find(string name) => Compiled(name)?.Descriptor;

    /// <summary>Listeners stop; what runs is left alone, and HTTP goes on.</summary>
    public void Drain() => _ = listeners.StopAsync();

    public void Resume() => listeners.Start();

    /// <summary>Starts a run by hand and does not wait for it.</summary>
    public void Invoke(FunctionDescriptor function, string input)
    {
        var compiled = Compiled(function.Name)!;
        pipeline.Tally.Enter();
        _ = Task.Run(() => InvokeAsync(compiled, input));
    }

    private CompiledFunction? Compiled(string name) =>
        functions.FirstOrDefault(function => function.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private async Task InvokeAsync(CompiledFunction function, string input)
    {
        try
        {
            await using var invocation = new FunctionInvocation(function, pipeline.Environment)
            {
                Delivery = function.Descriptor.Trigger is QueueTriggerSource ? QueueDelivery.FromInput(input, time.GetUtcNow()) : null,
                Timer = function.Descriptor.Trigger is TimerTriggerSource ? new TimerInfo() : null,
            };
            await pipeline.RunAsync(invocation);
            await outputs.SendAsync(function.Descriptor.Output, invocation.Result);
        }
        catch (Exception exception)
        {
            LogFailed(logger, function.Name, exception);
        }
        finally
        {
            pipeline.Tally.Leave();
        }
    }
}
