using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Millrace.Handlers;
using Millrace.Lifecycle;

namespace Millrace.Samples.Flights;

/// <summary>
/// <c>flight</c>: grades one flight. It shows each way a task can end: a result, a rejection for good, and failures that
/// are tried again, of which some succeed later and some never do.
/// </summary>
internal sealed class FlightHandler : TaskHandler<FlightData>
{
    /// <summary>Shorter hops are not graded, in miles.</summary>
    internal const int ShortestFlight = 70;

    /// <summary>From this delay on the airline's report is still open, in minutes.</summary>
    internal const int OpenReportDelay = 240;

    /// <summary>The hour of the day in which the weather service is started anew.</summary>
    internal const int WeatherRestartHour = 5;

    protected override JsonTypeInfo<FlightData> Format => FlightJson.Default.FlightData;

    // Idempotent: the result follows from the data alone, so a second run of the same task does no harm.
    protected override ValueTask<TaskOutcome> RunAsync(FlightData data, TaskContext context)
    {
        var departure = Departure(data);
        if (data.Distance < ShortestFlight)
        {
            // Rejected: trying again cannot help, so it goes to the dead letters at once.
            return new(TaskOutcome.Rejected("too_short", $"The flight is shorter than {ShortestFlight} miles; such hops are not graded."));
        }

        if (data.Delay >= OpenReportDelay)
        {
            // Failed: tried again while attempts are left. Here it never helps, so the task ends as exhausted.
            return new(TaskOutcome.Failed("report_open", $"The report on a delay of {OpenReportDelay} minutes or more is still open."));
        }

        if (departure.Hour == WeatherRestartHour && context.AttemptNumber == 1)
        {
            // To throw is to fail, too. A handler has no need to catch what it cannot mend.
            throw new IOException("The weather service did not answer.");
        }

        return new(TaskOutcome.Succeeded(Grade(data, departure), FlightJson.Default.FlightResult));
    }

    private static FlightResult Grade(FlightData data, DateTime departure) => new(
        Route(data),
        (PartOfDay)(departure.Hour / 6),
        data.Delay switch
        {
            < 0 => DelayClass.Early,
            < 15 => DelayClass.OnTime,
            < 60 => DelayClass.Late,
            _ => DelayClass.VeryLate,
        },
        data.Delay < 15,
        Math.Round(100.0 * data.Delay / data.Distance, 2));

    private static string Route(FlightData data) => $"{data.Origin}-{data.Destination}";

    private static DateTime Departure(FlightData data) =>
        DateTime.TryParseExact(data.Date, "yyyy/MM/dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var departure)
            ? departure
            : throw new UnreadableDataException($"'{data.Date}' is not a date like 2001/01/10 09:30.");
}
