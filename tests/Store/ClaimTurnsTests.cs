using Microsoft.Extensions.Time.Testing;
using Millrace.Store;

namespace Millrace.Tests.Store;

public sealed class ClaimTurnsTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void Only_busy_queues_have_a_turn_and_one_that_rests_is_forgotten()
    {
        var turns = new ClaimTurns(clock);
        turns.Say("idle", isBusy: false);
        Assert.Null(turns.Of("idle"));
        Assert.Equal(0, turns.Count);

        for (var n = 0; n < 1_000; n++)
        {
            turns.Say($"busy-{n}", isBusy: true);
        }

        Assert.NotNull(turns.Of("busy-0"));
        turns.Say("busy-0", isBusy: false);
        Assert.Null(turns.Of("busy-0"));
        Assert.Equal(999, turns.Count);

        clock.Advance(TimeSpan.FromMinutes(1));
        turns.Say("busy-1", isBusy: true);

        Assert.Equal(1, turns.Count);
    }
}
