using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Millrace.Redis;
using Millrace.Tests.Support;

namespace Millrace.Tests.Redis;

public sealed class RedisSignalTests
{
    [Fact]
    public async Task A_process_hears_its_own_signal_at_once_and_without_Redis()
    {
        await using var link = new RedisLink(Options.Create(new RedisOptions()), NullLogger<RedisLink>.Instance);
        var signal = new RedisSignal(link, TimeProvider.System);
        var heard = 0;
        using (signal.Listen("work", () => heard++))
        {
            signal.Publish("work");
            signal.Publish("other");
        }

        signal.Publish("work");

        Assert.Equal(1, heard);
    }

    [Fact]
    public async Task A_topic_that_nobody_listens_to_is_forgotten_once_it_is_told()
    {
        await using var link = new RedisLink(
            Options.Create(new RedisOptions { ConnectionString = "127.0.0.1:1,abortConnect=false,connectTimeout=100" }), NullLogger<RedisLink>.Instance);
        var clock = new FakeTimeProvider();
        var signal = new RedisSignal(link, clock);
        for (var n = 0; n < 3_000; n++)
        {
            signal.Publish($"work-{n}");
            signal.Listen($"work-{n}", static () => { }).Dispose();
        }

        Assert.Equal(3_000, signal.Remembered);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, signal.Remembered);
    }

    [Fact]
    public async Task Each_process_hears_a_signal_once()
    {
        var connection = await TestServers.RedisAsync();
        await using var one = await LinkAsync(connection);
        await using var two = await LinkAsync(connection);
        var (here, there) = (new RedisSignal(one, TimeProvider.System), new RedisSignal(two, TimeProvider.System));
        await UntilHeardAsync(here, there);
        await UntilHeardAsync(there, here);
        var (question, answer) = (Topic(), Topic());
        var heard = 0;
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var atQuestion = here.Listen(question, () => Interlocked.Increment(ref heard));
        using var atQuestionThere = there.Listen(question, () => there.Publish(answer));
        using var atAnswer = here.Listen(answer, answered.SetResult);

        here.Publish(question);

        // Redis keeps the order: an echo of the question would have come before the answer.
        await answered.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(1, heard);
    }

    private static string Topic() => $"t-{Guid.CreateVersion7():N}";

    /// <summary>A subscription takes a moment, and what is said before it is lost.</summary>
    private static async Task UntilHeardAsync(RedisSignal from, RedisSignal to)
    {
        var topic = Topic();
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = to.Listen(topic, () => heard.TrySetResult());
        for (var tries = 0; tries < 3_000 && !heard.Task.IsCompleted; tries++)
        {
            from.Publish(topic);
            await Task.WhenAny(heard.Task, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        Assert.True(heard.Task.IsCompleted, "The signal was never heard.");
    }

    private static async Task<RedisLink> LinkAsync(string connection)
    {
        var link = new RedisLink(Options.Create(new RedisOptions { ConnectionString = connection }), NullLogger<RedisLink>.Instance);
        await link.WhenCreatedAsync();
        return link;
    }
}
