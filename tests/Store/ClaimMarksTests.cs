using Microsoft.Extensions.Time.Testing;
using Millrace.Store;

namespace Millrace.Tests.Store;

public sealed class ClaimMarksTests
{
    private static readonly DateTime Due = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly FakeTimeProvider clock = new();
    private readonly ClaimMarks marks;
    private IReadOnlyList<ClaimSweep> sweeps = [];

    public ClaimMarksTests() => marks = new(clock);

    [Fact]
    public void A_queue_is_swept_by_one_at_a_time_and_twice_a_second_when_that_is_quick()
    {
        Claim("a");
        Assert.False(Begins("a"));
        clock.Advance(TimeSpan.FromMilliseconds(500));

        Assert.True(Begins("a"));
        Assert.False(Begins("a"));

        End(TimeSpan.FromMilliseconds(1));
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
        Assert.Null(Reach);
        End(TimeSpan.FromMilliseconds(tookMs));

        var sinceWhole = 0;
        while (sinceWhole < pauseOfWholeMs)
        {
            Assert.Equal(pauseMs, NextSweep("a"));
            sinceWhole += pauseMs;
            Assert.Equal(sinceWhole < pauseOfWholeMs ? TimeSpan.FromMilliseconds(pauseMs + 1_000) : null, Reach);
            End(TimeSpan.FromMilliseconds(tookMs));
        }
    }

    [Fact]
    public void After_a_sweep_that_failed_the_next_looks_through_everything()
    {
        Claim("a");
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(Begins("a"));
        End(TimeSpan.FromMilliseconds(9));
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(Begins("a"));
        Assert.NotNull(Reach);

        marks.EndSweeps(sweeps, TimeSpan.FromMilliseconds(1), null);

        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(Begins("a"));
        Assert.Null(Reach);
    }

    [Fact]
    public void Who_wrote_something_late_need_not_wait_for_the_next_sweep()
    {
        Claim("a");
        marks.SweepSoon(TimeSpan.Zero);
        Assert.True(Begins("a"));
        Assert.Null(Reach);

        // This one may have looked too early.
        marks.SweepSoon(TimeSpan.FromSeconds(3));

        Assert.False(Begins("a"));
        End(TimeSpan.FromMilliseconds(100));
        Assert.True(Begins("a"));
        Assert.Equal(TimeSpan.FromSeconds(4), Reach);
    }

    [Fact]
    public void What_a_sweep_found_is_before_the_next_claim()
    {
        Claim("a");
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(Begins("a"));
        Assert.True(marks.Begin("a").Due[4] > Due.AddSeconds(1));

        marks.EndSweeps(sweeps, TimeSpan.Zero, [new("a", 5, Due.AddSeconds(1))]);

        Assert.True(marks.Begin("a").Due[4] < Due.AddSeconds(1));
    }

    [Fact]
    public void Queues_whose_sweep_is_quick_share_one_and_a_slow_one_is_swept_alone()
    {
        string[] names = ["a", "b", "c"];
        Array.ForEach(names, Claim);
        clock.Advance(TimeSpan.FromMilliseconds(500));
        sweeps = marks.BeginSweeps(names);
        Assert.Equal(names, sweeps.Select(static sweep => sweep.QueueName));
        Assert.DoesNotContain(sweeps, static sweep => sweep.Alone);

        marks.EndSweeps([.. sweeps.Take(2)], TimeSpan.FromMilliseconds(5), []);
        marks.EndSweeps([.. sweeps.Skip(2)], TimeSpan.FromMilliseconds(50), []);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([false, false, true], marks.BeginSweeps(names).Select(static sweep => sweep.Alone));
    }

    [Fact]
    public void A_queue_of_which_nobody_has_claimed_for_minutes_is_forgotten()
    {
        for (var n = 0; n < 1_000; n++)
        {
            Claim($"many-{n}");
        }

        Assert.Equal(1_000, marks.Known.Count);
        clock.Advance(TimeSpan.FromMinutes(4));
        Claim("many-0");
        Assert.Equal(1_000, marks.Known.Count);

        clock.Advance(TimeSpan.FromMinutes(2));
        Claim("a");

        Assert.Equal(["a", "many-0"], marks.Known.Order());
        Assert.Empty(marks.BeginSweeps(["many-1"]));
        Assert.Empty(marks.Peek(["many-1"]));
    }

    private TimeSpan? Reach => Assert.Single(sweeps).Reach;

    private bool Begins(string queue) => marks.BeginSweeps([queue]) is { Count: > 0 } begun && (sweeps = begun).Count > 0;

    private void End(TimeSpan took) => marks.EndSweeps(sweeps, took, []);

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
