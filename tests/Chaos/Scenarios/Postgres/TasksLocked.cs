using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>Somebody holds the table of tasks for himself.</summary>
internal sealed class TasksLocked : BrokenScenario
{
    internal override string Name => "tasks-locked";

    internal override string Fault => "a lock held on tasks for 20 s";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await using var held = await PostgresFaults.HoldAsync(world, "LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE", cancellation);
        await World.PauseAsync(20, cancellation);
    }
}
