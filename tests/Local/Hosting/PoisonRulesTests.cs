using Millrace.Local.Hosting.Queues;

namespace Millrace.Tests.Local.Hosting;

public sealed class PoisonRulesTests
{
    // 4.3: poison queue: <queue>-poison, only if the name does not already end in -poison and stays <= 63 chars.
    [Theory]
    [InlineData("work", "work-poison")]
    [InlineData("work-poison", null)]
    [InlineData("a123456789012345678901234567890123456789012345678901", "a123456789012345678901234567890123456789012345678901-poison")]
    public void A_poison_queue_is_named_after_its_queue(string queue, string? poison) =>
        Assert.Equal(poison, PoisonRules.PoisonQueueOf(queue));

    [Fact]
    public void A_name_without_room_has_no_poison_queue() => Assert.Null(PoisonRules.PoisonQueueOf(new string('q', 57)));

    [Theory]
    [InlineData("work", 0.2, 0.2)]
    [InlineData("work-poison", 0.2, 2)]
    [InlineData("work-poison", 60, 60)]
    public void A_poison_queue_is_polled_seldom(string queue, double asked, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), PoisonRules.LongestPause(queue, TimeSpan.FromSeconds(asked)));

    // 4.3: before the call DequeueCount > maxDequeueCount; after a failure DequeueCount >= maxDequeueCount.
    [Theory]
    [InlineData(4, false, false)]
    [InlineData(5, false, true)]
    [InlineData(6, true, true)]
    public void Deliveries_are_counted_before_and_after_the_call(long count, bool before, bool after)
    {
        Assert.Equal(before, PoisonRules.IsSpentBeforeCall("work", count, 5));
        Assert.Equal(after, PoisonRules.IsSpentAfterFailure("work", count, 5));
        Assert.False(PoisonRules.IsSpentBeforeCall("work-poison", count, 5));
        Assert.False(PoisonRules.IsSpentAfterFailure("work-poison", count, 5));
    }
}
