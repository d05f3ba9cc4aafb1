using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Millrace.Local.Hosting.Invocation;

namespace Millrace.Local.Hosting.Discovery;

/// <summary>One function, read once from its attributes.</summary>
internal sealed record FunctionDescriptor(string Name, MethodInfo Method, Trigger Trigger)
{
    public required bool IsDisabled { get; init; }

    public RetryAttribute? Retry { get; init; }

    public QueueOutputTarget? Output { get; init; }

    public FunctionDefinition Definition => field ??= new DiscoveredFunctionDefinition(this);

    public FunctionSummary Summary => field ??= new FunctionSummary(Name, Trigger.BindingType, Source, Methods, IsDisabled);

    private string Source => Trigger switch
    {
        HttpTriggerSource http => "/" + http.Pattern.RawText,
        QueueTriggerSource queue => queue.QueueName,
        TimerTriggerSource timer => timer.Schedule.Text,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private IReadOnlyList<string> Methods => Trigger is HttpTriggerSource http ? http.Methods : [];
}
