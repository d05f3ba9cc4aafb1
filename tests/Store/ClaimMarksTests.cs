using Microsoft.Extensions.Time.Testing;
using Millrace.Store;

namespace Millrace.Tests.Store;

public sealed class ClaimMarksTests
{
    private static readonly DateTime Due = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly FakeTimeProvider clock = new();
    private readonly ClaimMarks marks;

    public ClaimMarksTests() => marks = new(clock);

    [Fact]
    public void A_queue_is_swept_by_one_at_a_time_and_twice_a_second_when_that_is_quick()
    {
        Claim("a");
        Assert.False(marks.BeginSweep("a"));
        clock.Advance(TimeSpan.FromMilliseconds(500));

        Assert.True(marks.BeginSweep("a"));
        Assert.False(marks.BeginSweep("a"));

        marks.EndSweep("a", TimeSpan.FromMilliseconds(1), []);
        Assert.Equal(500, NextSweep("a"));
    }

    [Fact]
    public void A_queue_without_a_mark_needs_no_sweep()
    {
        marks.Begin("a");
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(marks.BeginSweep("a"));
    }

    [Theory]
    [InlineData(1, 100, 2_000)]
    [InlineData(10, 10, 2_000)]
    [InlineData(10, 2, 500)]
    [InlineData(10, 100, 5_000)]
    [InlineData(10, 1_000, 20_000)]
    public void All_queues_share_a_twentieth_of_the_time_but_none_waits_longer_for_it_than_five_seconds(int queues, int tookMs, int expectedMs)
    {
        for (var queue = 1; queue < queues; queue++)
        {
            Claim($"other-{queue}");
        }

        Claim("a");
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(marks.BeginSweep("a"));

        marks.EndSweep("a", TimeSpan.FromMilliseconds(tookMs), []);

        Assert.Equal(expectedMs, NextSweep("a"));
    }

    [Fact]
    public void A_queue_that_is_not_used_any_more_does_not_share_the_time()
    {
        Claim("once");
        clock.Advance(TimeSpan.FromSeconds(6));
        Claim("a");
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True(marks.BeginSweep("a"));

        marks.EndSweep("a", TimeSpan.FromMilliseconds(100), []);

        Assert.Equal(2_000, NextSweep("a"));
    }

    [Fact]
    public void What_a_sweep_found_is_before_the_next_claim()
    {
        Claim("a");
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(marks.BeginSweep("a"));
        Assert.True(marks.Begin("a").Due[4] > Due.AddSeconds(1));

        marks.EndSweep("a", TimeSpan.Zero, [(5, Due.AddSeconds(1))]);

        Assert.True(marks.Begin("a").Due[4] < Due.AddSeconds(1));
    }

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
        while (!marks.BeginSweep(queue))
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            waited += 100;
            Assert.True(waited < 60_000, "It is not swept any more.");
        }

        return waited;
    }
}
