using System.Reflection;
using Millrace.Lifecycle;

namespace Millrace.Execute;

/// <summary>Who this process is, for its tickets and for the list of workers.</summary>
internal sealed class ExecutorIdentity(TimeProvider clock)
{
    internal ExecutorId Id { get; } = new(Guid.CreateVersion7(clock.GetUtcNow()));

    internal string Host { get; } = Environment.MachineName;

    internal int ProcessId { get; } = Environment.ProcessId;

    internal string Version { get; } =
        typeof(ExecutorIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
