using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Millrace.Execute;

namespace Millrace.Tests.Execute;

public sealed class TraceTextTests
{
    private readonly TraceText traces = new();

    [Fact]
    public void A_trace_is_what_the_exception_says_of_itself_the_first_time_and_the_second()
    {
        for (var time = 0; time < 2; time++)
        {
            var exception = Thrown(static () => Break("at all"));
            Assert.Equal(exception.ToString(), traces.Of(exception));
            Assert.Contains($"{nameof(TraceTextTests)}.cs:line ", traces.Of(exception), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Each_message_and_each_line_that_throws_has_its_own()
    {
        var all = new[]
        {
            Thrown(static () => Break("one")), Thrown(static () => Break("two")), Thrown(static () => BreakTwice(first: true)),
            Thrown(static () => BreakTwice(first: false)),
        };
        foreach (var exception in all.Concat(all))
        {
            Assert.Equal(exception.ToString(), traces.Of(exception));
        }
    }

    [Fact]
    public void What_an_exception_adds_to_its_text_is_kept()
    {
        for (var time = 0; time < 2; time++)
        {
            var file = $"file-{time}";
            var talkative = Thrown(() => throw new FileNotFoundException("It is not there.", file));
            Assert.Equal(talkative.ToString(), traces.Of(talkative));
            Assert.Contains(file, traces.Of(talkative), StringComparison.Ordinal);
            var outer = Thrown(() => throw new InvalidOperationException("outer", talkative));
            Assert.Equal(outer.ToString(), traces.Of(outer));
            Assert.Contains(file, traces.Of(outer), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_trace_that_came_from_elsewhere_is_kept()
    {
        for (var time = 0; time < 2; time++)
        {
            var elsewhere = $"   at Elsewhere.Line{time}()";
            var foreign = Thrown(() => throw ExceptionDispatchInfo.SetRemoteStackTrace(new InvalidOperationException("It came from elsewhere."), elsewhere));
            Assert.Equal(foreign.ToString(), traces.Of(foreign));
            Assert.Contains(elsewhere, traces.Of(foreign), StringComparison.Ordinal);
            Assert.Equal("System.InvalidOperationException: never thrown\n", traces.Of(new InvalidOperationException("never thrown")));
        }
    }

    [Fact]
    public async Task A_trace_through_awaits_and_a_second_throw_is_whole()
    {
        for (var time = 0; time < 2; time++)
        {
            var awaited = await Assert.ThrowsAsync<InvalidOperationException>(BreakLaterAsync);
            Assert.Equal(awaited.ToString(), traces.Of(awaited));
            var again = Thrown(() => ExceptionDispatchInfo.Throw(awaited));
            Assert.Equal(again.ToString(), traces.Of(again));
        }
    }

    [Fact]
    public void Places_without_end_do_not_fill_the_memory_and_stay_right()
    {
        for (var depth = 1; depth < 1_100; depth++)
        {
            var levels = depth;
            var exception = Thrown(() => BreakBelow(levels));
            Assert.Equal(exception.ToString().Length, traces.Of(exception).Length);
        }
    }

    private static Exception Thrown(Action action) => Record.Exception(action)!;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Break(string message) => throw new InvalidOperationException(message);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BreakTwice(bool first)
    {
        if (first)
        {
            throw new InvalidOperationException("twice");
        }

        throw new InvalidOperationException("twice");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BreakBelow(int levels)
    {
        if (levels > 0)
        {
            BreakBelow(levels - 1);
        }

        Break("below");
    }

    private static async Task BreakLaterAsync()
    {
        await Task.Yield();
        Break("later");
    }
}
