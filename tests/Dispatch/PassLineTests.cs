using Microsoft.Extensions.Time.Testing;
using Millrace.Dispatch;

namespace Millrace.Tests.Dispatch;

public sealed class PassLineTests
{
    private const int All = 100;

    private readonly FakeTimeProvider clock = new();
    private readonly PassLine line;

    public PassLineTests() => line = new(clock);

    [Fact]
    public void A_queue_that_is_asked_for_again_while_it_waits_has_one_pass()
    {
        Ask("a");
        Ask("b");
        Ask("a");

        Assert.Equal(["a", "b"], Take());
        Assert.Empty(Take());
    }

    [Fact]
    public void A_queue_that_is_asked_for_during_its_pass_has_another_one_after_a_pause()
    {
        Ask("a");
        Take();
        Ask("a");
        Ask("a");
        Assert.Empty(Take());

        End("a");
        clock.Advance(PassLine.Pause - TimeSpan.FromMilliseconds(1));
        Assert.Empty(Take());
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["a"], Take());
        End("a");
        clock.Advance(PassLine.PauseOfWakes);
        Assert.Empty(Take());
    }

    [Fact]
    public void Passes_of_a_queue_keep_a_pause_and_those_that_only_plan_a_wake_a_longer_one()
    {
        Pass("a");
        line.Ask("a", PassLine.PauseOfWakes);
        clock.Advance(PassLine.Pause);
        Assert.Empty(Take());

        Ask("a");
        Assert.Equal(["a"], Take());
        End("a");
        line.Ask("a", PassLine.PauseOfWakes);
        clock.Advance(PassLine.PauseOfWakes - TimeSpan.FromMilliseconds(1));
        Assert.Empty(Take());
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["a"], Take());
    }

    [Fact]
    public void The_queue_that_has_waited_longest_is_first()
    {
        Ask("z");
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Ask("a");
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Ask("m");

        Assert.Equal(["z", "a"], Take(2));
        Assert.Equal(["m"], Take(2));
    }

    [Fact]
    public void Whoever_asks_for_many_queues_holds_up_nobody()
    {
        for (var n = 0; n < 1_000; n++)
        {
            line.Ask($"many-{n}", PassLine.Pause, isOneOfMany: true);
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        Ask("alone");

        Assert.Equal(["alone"], Take(All, withMany: false));
        Ask("another");
        var taken = Take(All);
        Assert.Equal("another", taken[0]);
        Assert.Equal(All, taken.Length);
        Assert.True(line.ManyWait);
    }

    [Fact]
    public void A_turn_says_whether_it_gives_way()
    {
        line.Ask("many", PassLine.Pause, isOneOfMany: true);
        Ask("alone");

        Assert.Equal([new("alone", false), new("many", true)], line.Take(All, withMany: true));
    }

    [Fact]
    public void The_line_is_long_when_more_wait_than_a_few_passes_serve()
    {
        for (var n = 0; n <= 4 * TaskDispatcher.QueuesAtOnce; n++)
        {
            Assert.False(line.IsLong);
            Ask($"queue-{n}");
        }

        Assert.True(line.IsLong);
    }

    [Fact]
    public void One_of_many_that_somebody_else_asks_for_alone_waits_no_longer_with_the_many()
    {
        line.Ask("a", PassLine.Pause, isOneOfMany: true);
        Assert.Empty(Take(All, withMany: false));

        Ask("a");

        Assert.Equal(["a"], Take(All, withMany: false));
        End("a");
        Assert.Empty(Take());
    }

    [Fact]
    public void Who_waits_alone_does_not_come_to_wait_with_the_many()
    {
        Pass("a");
        line.Ask("a", PassLine.PauseOfWakes);
        line.Ask("a", PassLine.Pause, isOneOfMany: true);
        clock.Advance(PassLine.Pause);

        Assert.Equal(["a"], Take(All, withMany: false));
    }

    [Fact]
    public void What_nobody_asks_for_any_more_is_forgotten()
    {
        for (var n = 0; n < 3_000; n++)
        {
            line.Ask($"many-{n}", PassLine.Pause, isOneOfMany: n > 10);
        }

        while (Take() is { Length: > 0 } taken)
        {
            End(taken);
        }

        Assert.Equal(3_000, line.Count);
        clock.Advance(line.UntilNext(withMany: true)!.Value);
        Assert.Null(line.UntilNext(withMany: true));
        Assert.Equal(0, line.Count);
    }

    [Fact]
    public void Who_always_has_something_to_take_forgets_too()
    {
        for (var n = 0; n < 100; n++)
        {
            Pass($"queue-{n}");
            clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(line.Count, 1, 12);
    }

    private void Ask(string queue) => line.Ask(queue, PassLine.Pause);

    private string[] Take(int most = All, bool withMany = true) => [.. line.Take(most, withMany).Select(static turn => turn.QueueName)];

    private void End(params string[] queues) => line.End([.. queues.Select(static queue => new QueueTurn(queue, false))]);

    private void Pass(string queue)
    {
        Ask(queue);
        Assert.Equal([queue], Take());
        End(queue);
    }
}
