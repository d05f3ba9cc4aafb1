using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>The server is made read-only, as before a planned failover.</summary>
internal sealed class ReadOnlySystem : BrokenScenario
{
    internal override string Name => "read-only-system";

    internal override string Fault => "the whole server read-only by default for 25 s";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await PostgresFaults.ExecuteAsync(world, "ALTER SYSTEM SET default_transaction_read_only = on", cancellation);
        await PostgresFaults.ExecuteAsync(world, "SELECT pg_reload_conf()", cancellation);
        await World.PauseAsync(25, cancellation);
        await PostgresFaults.ExecuteAsync(world, "ALTER SYSTEM RESET default_transaction_read_only", cancellation);
        await PostgresFaults.ExecuteAsync(world, "SELECT pg_reload_conf()", cancellation);
    }
}
