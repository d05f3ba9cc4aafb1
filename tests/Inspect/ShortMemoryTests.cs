using Microsoft.Extensions.Time.Testing;
using Millrace.Inspect;

namespace Millrace.Tests.Inspect;

/// <summary>One expensive read answers all who ask meanwhile.</summary>
public sealed class ShortMemoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_long_a_read_takes_all_who_wait_for_it_are_answered_by_it()
    {
        var time = new FakeTimeProvider();
        var reads = 0;
        var read = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var memory = new ShortMemory<string>(time, TimeSpan.FromSeconds(1), _ =>
        {
            reads++;
            return read.Task;
        });

        var waiting = Enumerable.Range(0, 50).Select(_ => memory.GetAsync(Cancellation)).ToList();
        time.Advance(TimeSpan.FromMinutes(1));
        read.SetResult("counted");

        Assert.All(await Task.WhenAll(waiting), static text => Assert.Equal("counted", text));
        Assert.Equal("counted", await memory.GetAsync(Cancellation));
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task Somebody_who_gives_up_does_not_end_the_read_of_the_others()
    {
        var read = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var memory = new ShortMemory<string>(new FakeTimeProvider(), TimeSpan.FromSeconds(1), _ => read.Task);
        using var impatient = new CancellationTokenSource();
        var first = memory.GetAsync(impatient.Token);
        var second = memory.GetAsync(Cancellation);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        read.SetResult("counted");

        Assert.Equal("counted", await second);
    }

    [Fact]
    public async Task A_read_that_failed_is_made_again_for_who_asks_next()
    {
        var reads = 0;
        using var memory = new ShortMemory<string>(
            new FakeTimeProvider(), TimeSpan.FromSeconds(1), _ => reads++ == 0 ? Task.FromException<string>(new IOException("away")) : Task.FromResult("counted"));

        await Assert.ThrowsAsync<IOException>(() => memory.GetAsync(Cancellation));
        Assert.Equal("counted", await memory.GetAsync(Cancellation));
    }
}
