using Microsoft.Extensions.Time.Testing;
using Millrace.Store;

namespace Millrace.Tests.Store;

public sealed class ClaimMarksTests
{
    private static readonly DateTime Due = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly FakeTimeProvider clock = new();
    private readonly ClaimMarks marks;
    private TimeSpan? reach;

    public ClaimMarksTests() => marks = new(clock);

    [Fact]
    public void A_queue_is_swept_by_one_at_a_time_and_twice_a_second_when_that_is_quick()
    {
        Claim("a");
        Assert.False(Begins("a"));
        clock.Advance(TimeSpan.FromMilliseconds(500));

        Assert.True(Begins("a"));
        Assert.False(Begins("a"));

        End("a", TimeSpan.FromMilliseconds(1));
        Assert.Equal(500, NextSweep("a"));
    }

    [Fact]
    public void A_queue_without_a_mark_needs_no_sweep()
    {
        marks.Begin("a");
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(Begins("a"));
    }

    [Theory]
    [InlineData(1, 500, 500)]
    [InlineData(2, 500, 1_000)]
    [InlineData(9, 500, 4_500)]
    [InlineData(100, 2_000, 6_000)]
    public void A_sweep_takes_a_twentieth_of_the_time_and_one_of_everything_much_less(int tookMs, int pauseMs, int pauseOfWholeMs)
    {
        Claim("a");
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(Begins("a"));
        Assert.Null(reach);
        End("a", TimeSpan.FromMilliseconds(tookMs));

        var sinceWhole = 0;
        while (sinceWhole < pauseOfWholeMs)
        {
            Assert.Equal(pauseMs, NextSweep("a"));
            sinceWhole += pauseMs;
            Assert.Equal(sinceWhole < pauseOfWholeMs ? TimeSpan.FromMilliseconds(pauseMs + 1_000) : null, reach);
            End("a", TimeSpan.FromMilliseconds(tookMs));
        }
    }

    [Fact]
    public void After_a_sweep_that_failed_the_next_looks_through_everything()
    {
        Claim("a");
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(Begins("a"));
        End("a", TimeSpan.FromMilliseconds(9));
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(Begins("a"));
        Assert.NotNull(reach);

        marks.EndSweep("a", reach, TimeSpan.FromMilliseconds(1), null);

        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(Begins("a"));
        Assert.Null(reach);
    }

    [Fact]
    public void Who_wrote_something_late_need_not_wait_for_the_next_sweep()
    {
        Claim("a");
        marks.SweepSoon(TimeSpan.Zero);
        Assert.True(Begins("a"));
        Assert.Null(reach);

        // This one may have looked too early.
        marks.SweepSoon(TimeSpan.FromSeconds(3));

        Assert.False(Begins("a"));
        End("a", TimeSpan.FromMilliseconds(100));
        Assert.True(Begins("a"));
        Assert.Equal(TimeSpan.FromSeconds(4), reach);
    }

    [Fact]
    public void What_a_sweep_found_is_before_the_next_claim()
    {
        Claim("a");
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(Begins("a"));
        Assert.True(marks.Begin("a").Due[4] > Due.AddSeconds(1));

        marks.EndSweep("a", reach, TimeSpan.Zero, [(5, Due.AddSeconds(1))]);

        Assert.True(marks.Begin("a").Due[4] < Due.AddSeconds(1));
    }

    private bool Begins(string queue) => marks.BeginSweep(queue, out reach);

    private void End(string queue, TimeSpan took) => marks.EndSweep(queue, reach, took, []);

    /// <summary>So much that there is a mark.</summary>
    private void Claim(string queue)
    {
        var look = marks.Begin(queue);
        for (var task = 0; task < 20; task++)
        {
            look.Took(5, Due.AddSeconds(task), Guid.CreateVersion7(), 8);
        }
    }

    /// <returns>Milliseconds from now.</returns>
    private int NextSweep(string queue)
    {
        var waited = 0;
        while (!Begins(queue))
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            waited += 100;
            Assert.True(waited < 60_000, "It is not swept any more.");
        }

        return waited;
    }
}
