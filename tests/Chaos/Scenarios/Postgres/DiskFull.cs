using Millrace.Local.Services;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Postgres;

/// <summary>PostgreSQL's disk is full while work comes in, and has room again later.</summary>
internal sealed class DiskFull : BrokenScenario
{
    internal override string Name => "disk-full";

    internal override string Fault => "PostgreSQL's disk full for 20 s";

    internal override string? WhyNotHere() => SmallDisk.WhyNotHere();

    /// <summary>Every megabyte of log is a new one: none is kept for later.</summary>
    internal override IReadOnlyDictionary<string, string> PostgresSettings { get; } =
        new Dictionary<string, string> { ["wal_recycle"] = "off", ["min_wal_size"] = "32MB", ["max_wal_size"] = "64MB" };

    internal override bool NeedsSmallDisk => true;

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        world.Servers.Disk!.Fill();
        await World.PauseAsync(20, cancellation);
        world.Servers.Disk.Free();
        if (!world.Servers.LogSays(ServerKind.Postgres, "No space left on device"))
        {
            throw new InvalidOperationException("PostgreSQL found room all the same. Make the disk of the scenario smaller, or its work larger.");
        }

        if (!world.Servers.Runs(ServerKind.Postgres))
        {
            // It could not write its log and gave up; somebody starts it once there is room.
            await world.Servers.RestartAsync(ServerKind.Postgres, wipeData: false, cancellation);
        }
    }
}
