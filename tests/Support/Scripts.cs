using System.Collections.Concurrent;
using Millrace.Handlers;
using Millrace.Lifecycle;

namespace Millrace.Tests.Support;

/// <summary>What the handler of type <c>scripted</c> does, by queue: each test writes its own.</summary>
internal sealed class Scripts
{
    private readonly ConcurrentDictionary<string, Func<TaskContext, ValueTask<TaskOutcome>>> byQueue = new();

    internal Func<TaskContext, ValueTask<TaskOutcome>> this[string queue]
    {
        get => byQueue[queue];
        set => byQueue[queue] = value;
    }
}
