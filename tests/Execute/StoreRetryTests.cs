using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Millrace.Execute;

namespace Millrace.Tests.Execute;

public sealed class StoreRetryTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly NotedTime clock = new();
    private readonly Channel<TaskCompletionSource<int>> scouts = Channel.CreateUnbounded<TaskCompletionSource<int>>();
    private readonly Channel<TaskCompletionSource<int>> others = Channel.CreateUnbounded<TaskCompletionSource<int>>();
    private readonly StoreRetry retry;

    public StoreRetryTests() => retry = new StoreRetry(clock, NullLogger<StoreRetry>.Instance);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_PostgreSQL_is_away_one_asks_often_and_the_others_seldom()
    {
        var (scout, other) = (BeginAsync(scouts, Longest), BeginAsync(others, Longest));
        Assert.Equal((double[])[0.1, 0.2, 0.2, 0.2, 0.2, 0.2], await PausesAsync(scouts, 6));
        Assert.Equal((double[])[0.1, 0.2, 0.4, 0.8, 1.6, 2], await PausesAsync(others, 6));
        Assert.False(scout.IsCompleted || other.IsCompleted);
    }

    [Fact]
    public async Task Once_the_one_is_answered_the_others_ask_at_once()
    {
        var (scout, other) = (BeginAsync(scouts, Longest), BeginAsync(others, Longest));
        await PausesAsync(scouts, 1);
        await PausesAsync(others, 4);
        await FailAsync(others);

        // No time passes from here.
        (await scouts.Reader.ReadAsync(Cancellation)).SetResult(1);
        Assert.Equal(1, await scout);
        (await others.Reader.ReadAsync(Cancellation)).SetResult(2);
        Assert.Equal(2, await other);
    }

    [Fact]
    public async Task When_the_one_gives_up_another_takes_its_place()
    {
        var scout = BeginAsync(scouts, TimeSpan.FromSeconds(0.1));
        var other = BeginAsync(others, Longest);
        await PausesAsync(scouts, 1);
        await FailAsync(scouts);
        await Assert.ThrowsAsync<TimeoutException>(() => scout);

        Assert.Equal((double[])[0.1, 0.2, 0.2, 0.2], await PausesAsync(others, 4));
        (await others.Reader.ReadAsync(Cancellation)).SetResult(3);
        Assert.Equal(3, await other);
    }

    private Task<int> BeginAsync(Channel<TaskCompletionSource<int>> calls, TimeSpan longest) =>
        retry.RepeatAsync(
            () =>
            {
                var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
                calls.Writer.TryWrite(answer);
                return answer.Task;
            },
            longest);

    private static async Task FailAsync(Channel<TaskCompletionSource<int>> calls) =>
        (await calls.Reader.ReadAsync(Cancellation)).SetException(new TimeoutException());

    /// <summary>Fails so many calls of one of them, and lets pass what it waits each time.</summary>
    private async Task<double[]> PausesAsync(Channel<TaskCompletionSource<int>> calls, int count)
    {
        var pauses = new double[count];
        for (var n = 0; n < count; n++)
        {
            await FailAsync(calls);
            pauses[n] = (await clock.Timers.ReadAsync(Cancellation)).TotalSeconds;
            clock.Advance(TimeSpan.FromSeconds(pauses[n]));
        }

        return pauses;
    }

    /// <summary>Tells for how long somebody has begun to wait.</summary>
    private sealed class NotedTime : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> timers = Channel.CreateUnbounded<TimeSpan>();

        internal ChannelReader<TimeSpan> Timers => timers.Reader;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            timers.Writer.TryWrite(dueTime);
            return timer;
        }
    }
}
