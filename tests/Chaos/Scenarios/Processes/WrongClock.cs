using Millrace.Tests.Chaos.Facts;
using Millrace.Tests.Chaos.Faults;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Scenarios.Processes;

/// <summary>One executor of three has a wall clock that is an hour off, from its start on; then it is killed.</summary>
internal sealed class WrongClock(string offset, string word) : BrokenScenario
{
    internal override string Name => $"clock-{word}";

    internal override string Fault => $"an executor's clock {offset}, and kill -9 of another";

    internal override Expectation Expected { get; } = new() { FreshDuringFault = true, RunsOnce = true };

    protected override int SlowRetries => 3;

    internal override string? WhyNotHere() => FakeClock.Library is null ? "libfaketime is not installed; Debian's package is called faketime." : null;

    internal override Task PrepareAsync(World world, CancellationToken cancellation) =>
        world.Fleet.StartAsync(2, cancellation, FakeClock.Settings(offset));

    protected override async Task BreakAndMendAsync(World world, CancellationToken cancellation)
    {
        world.Fleet[0].Kill();
        await world.Fleet[0].Ended;
        var now = TimeProvider.System.GetUtcNow();
        if (!world.Witness.Read().Any(line => (line.WallClock - now).Duration() > TimeSpan.FromMinutes(50)))
        {
            throw new InvalidOperationException("No handler saw the wrong clock. Look whether libfaketime is loaded.");
        }
    }
}
