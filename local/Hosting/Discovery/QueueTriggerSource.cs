using System.Reflection;

namespace Millrace.Local.Hosting.Discovery;

/// <summary>A queue trigger, its names resolved.</summary>
internal sealed record QueueTriggerSource(ParameterInfo Parameter, string QueueName, string ConnectionString)
    : Trigger(Parameter, "queueTrigger");
