using Microsoft.Extensions.Time.Testing;
using Millrace.Redis;

namespace Millrace.Tests.Redis;

public sealed class PacedWorkTests : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider clock = new();
    private readonly CancellationTokenSource stop = new();
    private readonly PacedWork paced;
    private TaskCompletionSource? working;
    private int begun;

    public PacedWorkTests() => paced = new PacedWork(WorkAsync, Pause, clock, stop.Token);

    public void Dispose() => stop.Dispose();

    [Fact]
    public void It_is_done_at_once_and_once_more_after_the_pause_for_all_who_asked_meanwhile()
    {
        paced.Ask();
        Assert.Equal(1, begun);

        paced.Ask();
        paced.Ask();
        Assert.Equal(1, begun);

        clock.Advance(Pause - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, begun);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, begun);

        clock.Advance(Pause);
        Assert.True(paced.Current.IsCompleted);
        Assert.Equal(2, begun);
        paced.Ask();
        Assert.Equal(3, begun);
    }

    [Fact]
    public void Who_asks_while_it_is_being_done_has_it_done_again()
    {
        working = new TaskCompletionSource();
        paced.Ask();
        paced.Ask();
        clock.Advance(Pause);
        Assert.Equal(1, begun);

        working.SetResult();
        clock.Advance(Pause);
        Assert.Equal(2, begun);
    }

    [Fact]
    public async Task Once_stopped_it_ends_and_is_not_done_again()
    {
        paced.Ask();
        paced.Ask();
        await stop.CancelAsync();
        await paced.Current.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(1, begun);
    }

    [Fact]
    public async Task Whoever_asks_from_many_threads_at_once_is_served_by_work_that_began_afterwards()
    {
        var (asked, seen) = (0, 0);
        var eager = new PacedWork(
            () =>
            {
                seen = Volatile.Read(ref asked);
                return Task.CompletedTask;
            },
            TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                Interlocked.Increment(ref asked);
                eager.Ask();
            }
        })));
        await eager.Current.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(asked, seen);
    }

    private Task WorkAsync()
    {
        begun++;
        return working?.Task ?? Task.CompletedTask;
    }
}
