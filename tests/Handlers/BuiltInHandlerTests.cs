using System.Text;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Handlers;

public sealed class BuiltInHandlerTests
{
    [Theory]
    [InlineData("5", """{"count":1,"sum":5,"sum_of_squares":25}""")]
    [InlineData("[1,2,3.5]", """{"count":3,"sum":6.5,"sum_of_squares":17.25}""")]
    [InlineData("[]", """{"count":0,"sum":0,"sum_of_squares":0}""")]
    public async Task Calculate_adds_numbers_up(string data, string result) =>
        Assert.Equal(result, Result(await new CalculateHandler().RunAsync(Attempts.On(data))));

    [Theory]
    [InlineData("\"five\"")]
    [InlineData("[1,\"two\"]")]
    [InlineData("{}")]
    public async Task Calculate_refuses_what_is_no_number(string data) =>
        await Assert.ThrowsAsync<UnreadableDataException>(async () => await new CalculateHandler().RunAsync(Attempts.On(data)));

    [Fact]
    public async Task Calculate_rejects_a_sum_beyond_a_double() =>
        Assert.IsType<TaskOutcome.RejectedOutcome>(await new CalculateHandler().RunAsync(Attempts.On("[1e200]")));

    [Theory]
    [InlineData("""{"a":1}""", "object", 7)]
    [InlineData("[1]", "array", 3)]
    [InlineData("\"é\"", "string", 4)]
    [InlineData("null", "null", 4)]
    [InlineData("true", "boolean", 4)]
    public async Task Process_says_what_the_data_was(string data, string kind, int bytes) => Assert.Equal(
        $$"""{"processed":true,"kind":"{{kind}}","bytes":{{bytes}}}""", Result(await new ProcessHandler().RunAsync(Attempts.On(data))));

    [Fact]
    public async Task Echo_returns_the_data_to_the_letter() =>
        Assert.Equal("{\"b\": 1.0,  \"a\":2}", Result(await new EchoHandler().RunAsync(Attempts.On("{\"b\": 1.0,  \"a\":2}"))));

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task Fail_succeeds_from_the_attempt_on_that_it_was_told(int attempt, bool succeeds)
    {
        var run = async () => await new FailHandler().RunAsync(Attempts.On("""{"until_attempt":3}""", attempt: attempt));
        if (succeeds)
        {
            Assert.IsType<TaskOutcome.SucceededOutcome>(await run());
        }
        else
        {
            await Assert.ThrowsAsync<InvalidOperationException>(run);
        }
    }

    [Fact]
    public async Task Fail_without_data_fails_and_with_permanent_is_final()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await new FailHandler().RunAsync(Attempts.On("null")));
        Assert.IsType<TaskOutcome.RejectedOutcome>(await new FailHandler().RunAsync(Attempts.On("""{"permanent":true}""")));
    }

    [Theory]
    [InlineData("""{"seconds":-1}""")]
    [InlineData("""{"seconds":1e9}""")]
    [InlineData("{}")]
    public async Task Sleep_refuses_a_time_that_is_none(string data) => await Assert.ThrowsAsync<UnreadableDataException>(
        async () => await new SleepHandler(TimeProvider.System).RunAsync(Attempts.On(data)));

    private static string Result(TaskOutcome outcome) => Encoding.UTF8.GetString(Assert.IsType<TaskOutcome.SucceededOutcome>(outcome).Result.Span);
}
