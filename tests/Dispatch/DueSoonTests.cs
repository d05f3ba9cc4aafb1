using Microsoft.Extensions.Time.Testing;
using Millrace.Dispatch;

namespace Millrace.Tests.Dispatch;

public sealed class DueSoonTests : IDisposable
{
    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider clock = new();
    private readonly CancellationTokenSource stop = new();
    private readonly List<string> nudged = [];
    private readonly DueSoon soon;

    public DueSoonTests() => soon = new(nudged.Add, clock, stop.Token);

    public void Dispose() => stop.Dispose();

    [Fact]
    public void A_queue_is_nudged_once_for_all_that_is_due_within_a_tenth_of_a_second_and_not_before()
    {
        soon.Add("a", TimeSpan.FromMilliseconds(310));
        soon.Add("a", TimeSpan.FromMilliseconds(390));
        soon.Add("b", TimeSpan.FromMilliseconds(500));

        clock.Advance(Slot * 4 - TimeSpan.FromTicks(1));
        Assert.Empty(nudged);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["a"], nudged);
        clock.Advance(Slot * 2);
        Assert.Equal(["a", "b"], nudged);

        soon.Add("a", Slot);
        clock.Advance(Slot * 2);
        Assert.Equal(["a", "b", "a"], nudged);
        Assert.True(soon.Stopped.IsCompletedSuccessfully);
    }

    [Fact]
    public void What_is_due_after_more_than_a_second_is_left_to_its_wake()
    {
        soon.Add("a", TimeSpan.FromSeconds(1.1));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(nudged);
    }

    [Fact]
    public async Task What_waits_when_the_process_ends_ends_with_it()
    {
        soon.Add("a", TimeSpan.FromSeconds(1));
        Assert.False(soon.Stopped.IsCompleted);
        await stop.CancelAsync();
        await soon.Stopped.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Empty(nudged);
    }
}
