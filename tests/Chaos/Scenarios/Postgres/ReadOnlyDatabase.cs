using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>The database is made read-only, and its sessions are ended so that they notice.</summary>
internal sealed class ReadOnlyDatabase : BrokenScenario
{
    internal override string Name => "read-only-database";

    internal override string Fault => "the database read-only by default for 25 s, sessions ended";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await PostgresFaults.ExecuteAsync(world, "ALTER DATABASE millrace SET default_transaction_read_only = on", cancellation);
        await PostgresFaults.ExecuteAsync(world, PostgresFaults.EndSessions, cancellation);
        await World.PauseAsync(25, cancellation);
        await PostgresFaults.ExecuteAsync(world, "ALTER DATABASE millrace RESET default_transaction_read_only", cancellation);
    }
}
