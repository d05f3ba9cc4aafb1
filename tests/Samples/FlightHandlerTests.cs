using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Execute;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Samples.Flights;
using Millrace.Store;

namespace Millrace.Tests.Samples;

public sealed class FlightHandlerTests
{
    [Fact]
    public async Task A_flight_is_graded()
    {
        var result = await GradeAsync(Flight(delay: 66, distance: 1750));

        Assert.Equal(new FlightResult("DTW-LAS", PartOfDay.Morning, DelayClass.VeryLate, false, 3.77), result);
    }

    [Theory]
    [InlineData(-1, "early", true)]
    [InlineData(0, "on_time", true)]
    [InlineData(14, "on_time", true)]
    [InlineData(15, "late", false)]
    [InlineData(59, "late", false)]
    [InlineData(60, "very_late", false)]
    public async Task The_delay_decides_the_class(int delay, string expected, bool onTime)
    {
        var result = await GradeAsync(Flight(delay: delay));

        var json = JsonSerializer.SerializeToElement(result, FlightJson.Default.FlightResult);
        Assert.Equal(expected, json.GetProperty("delay_class").GetString());
        Assert.Equal(onTime, json.GetProperty("on_time").GetBoolean());
    }

    [Theory]
    [InlineData(69, true)]
    [InlineData(70, false)]
    public async Task A_short_hop_is_rejected_for_good(int distance, bool rejected)
    {
        var outcome = await RunAsync(Flight(distance: distance));

        Assert.Equal(rejected, outcome is TaskOutcome.RejectedOutcome { Error.Type: "too_short" });
    }

    [Fact]
    public async Task Four_hours_of_delay_fail_in_every_attempt()
    {
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var outcome = await RunAsync(Flight(delay: 240), attempt);

            Assert.IsType<TaskOutcome.FailedOutcome>(outcome);
        }
    }

    [Fact]
    public async Task Between_five_and_six_the_first_attempt_fails_and_the_second_succeeds()
    {
        await Assert.ThrowsAsync<IOException>(async () => await RunAsync(Flight(time: "05:30")));

        Assert.IsType<TaskOutcome.SucceededOutcome>(await RunAsync(Flight(time: "05:30"), attempt: 2));
    }

    [Theory]
    [InlineData("""{"date":"yesterday","delay":1,"distance":100,"origin":"LAX","destination":"SFO"}""")]
    [InlineData("""{"date":"2001/01/01 06:00","delay":1,"distance":100,"origin":"LAX"}""")]
    [InlineData("""{"date":"2001/01/01 06:00","delay":"late","distance":100,"origin":"LAX","destination":"SFO"}""")]
    [InlineData("null")]
    public async Task Data_that_is_no_flight_is_unreadable(string data) =>
        await Assert.ThrowsAsync<UnreadableDataException>(async () => await RunAsync(data));

    private static string Flight(int delay = 1, int distance = 500, string time = "06:00") =>
        $$"""{"date":"2001/01/01 {{time}}","delay":{{delay}},"distance":{{distance}},"origin":"DTW","destination":"LAS"}""";

    private static async Task<FlightResult> GradeAsync(string data)
    {
        var outcome = Assert.IsType<TaskOutcome.SucceededOutcome>(await RunAsync(data));
        return JsonSerializer.Deserialize(outcome.Result.Span, FlightJson.Default.FlightResult)!;
    }

    private static ValueTask<TaskOutcome> RunAsync(string data, int attempt = 1) => new FlightHandler().RunAsync(new Attempt(
        new TaskRecord
        {
            Id = TaskId.New(TimeProvider.System),
            Type = "flight",
            QueueName = "demo",
            Priority = 5,
            DueAt = default,
            CreatedAt = default,
            Replays = 0,
            Claim = new ClaimedTask(attempt - 1, 0, false, new RetryPolicy(2, 0.5f, 2, 60)),
            TimeoutSeconds = 60,
            Data = Encoding.UTF8.GetBytes(data),
            Context = null,
            TraceParent = null,
            Ticket = new TicketId(1),
            Place = 1,
        },
        NullLogger.Instance));
}
