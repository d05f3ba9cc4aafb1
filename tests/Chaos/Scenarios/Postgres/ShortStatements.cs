using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>No statement may take longer than 3 ms, for every new session.</summary>
internal sealed class ShortStatements : BrokenScenario
{
    internal override string Name => "statement-timeout";

    internal override string Fault => "statement_timeout of 3 ms for 25 s, sessions ended";

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        await PostgresFaults.ExecuteAsync(world, "ALTER DATABASE millrace SET statement_timeout = '3ms'", cancellation);
        await PostgresFaults.ExecuteAsync(world, PostgresFaults.EndSessions, cancellation);
        await World.PauseAsync(25, cancellation);
        await PostgresFaults.ExecuteAsync(world, "ALTER DATABASE millrace RESET statement_timeout", cancellation);
    }
}
