using Millrace.Local.Hosting.Queues;

namespace Millrace.Tests.Local.Hosting;

public sealed class PollBackoffTests
{
    // 4.3: ~100,200,300,500,900,1700,3300,6500,12900,25700,51300,60000 ms, then 60000 until messages are found.
    [Fact]
    public void Empty_polls_wait_twice_as_long_up_to_the_maximum()
    {
        var backoff = new PollBackoff(TimeSpan.FromMinutes(1), () => 0.5);
        var waits = Enumerable.Range(0, 13).Select(_ => (int)Math.Round(backoff.Next().TotalMilliseconds)).ToList();
        Assert.Equal([100, 200, 300, 500, 900, 1700, 3300, 6500, 12900, 25700, 51300, 60000, 60000], waits);
        backoff.FoundMessages();
        Assert.Equal(PollBackoff.Minimum, backoff.Next());
        Assert.Equal(TimeSpan.FromMilliseconds(200), backoff.Next());
    }

    // 4.3: interval = 100ms + U(0.8..1.2) * 2^(exponent-1) * 100ms.
    [Fact]
    public void The_wait_is_spread_by_a_fifth_either_way()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(180), Second(0));
        Assert.Equal(TimeSpan.FromMilliseconds(220), Second(1));

        static TimeSpan Second(double chance)
        {
            var backoff = new PollBackoff(TimeSpan.FromMinutes(1), () => chance);
            backoff.Next();
            return backoff.Next();
        }
    }
}
