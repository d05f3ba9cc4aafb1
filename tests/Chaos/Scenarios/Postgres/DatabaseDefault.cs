using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>The database gets a default that its sessions cannot live with, and they are ended so that they notice.</summary>
internal sealed class DatabaseDefault(string name, string fault, string setting, string value) : BrokenScenario
{
    internal override string Name => name;

    internal override string Fault => $"{fault} for 25 s, sessions ended";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await PostgresFaults.ExecuteAsync(world, $"ALTER DATABASE millrace SET {setting} = '{value}'", cancellation);
        await PostgresFaults.ExecuteAsync(world, PostgresFaults.EndSessions, cancellation);
        await World.PauseAsync(25, cancellation);
        await PostgresFaults.ExecuteAsync(world, $"ALTER DATABASE millrace RESET {setting}", cancellation);
    }
}
