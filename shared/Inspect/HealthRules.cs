using System.Globalization;
using Millrace.Api.Views;
using Millrace.Store.Rows;

namespace Millrace.Inspect;

/// <summary>
/// Judges the pipeline. Pure. Unhealthy is only what keeps due work from being done; what a retry, a wake or the next tick
/// mends by itself is degraded. Where executors come and go with the work, having none is a fault only while work waits.
/// </summary>
internal static class HealthRules
{
    internal const string Healthy = "healthy";
    internal const string Degraded = "degraded";
    internal const string Unhealthy = "unhealthy";

    /// <summary>A queue that starves for so many times as long as a task may wait is no matter of a moment, unless handlers of it run.</summary>
    private const int GravelyLate = 10;

    /// <param name="vitals">Null when the database does not answer.</param>
    /// <param name="options">What is late.</param>
    internal static HealthView Judge(PipelineVitals? vitals, InspectOptions options)
    {
        if (vitals is null)
        {
            return new(Unhealthy, ["database_unreachable"], ["PostgreSQL does not answer in time. See /api/v1/health/database."]);
        }

        List<(string Reason, string Detail, bool Grave)> found = [];
        var waitsTooLong = vitals.WaitingSeconds > options.WaitingTooLongSeconds;
        if (waitsTooLong && vitals.ActiveExecutors == 0)
        {
            found.Add(("no_active_workers", $"A due task has waited for {Seconds(vitals.WaitingSeconds)} and no worker is alive. Start one.", true));
        }
        else if (vitals.StarvingQueues > 0)
        {
            found.Add(("queue_starves", Starving(vitals), vitals.StarvingSeconds > GravelyLate * options.WaitingTooLongSeconds));
        }

        if (IsSilent(vitals.DispatchSeconds, options))
        {
            var detail = $"The dispatcher's timer last ran {Ago(vitals.DispatchSeconds)}. Start the app that has it.";
            found.Add(("no_dispatcher", detail, waitsTooLong));
        }

        if (IsSilent(vitals.HealSeconds, options))
        {
            var detail = $"The healer's timer last ran {Ago(vitals.HealSeconds)}. Work of dead workers stays where it is: start the app that has it.";
            found.Add(("no_healer", detail, false));
        }

        if (vitals.OverdueTickets + vitals.OvertimeTasks + vitals.OrphanTasks > 0)
        {
            found.Add(("tasks_stuck", Stuck(vitals), false));
        }

        var status = found.Count == 0 ? Healthy : found.Exists(static f => f.Grave) ? Unhealthy : Degraded;
        return new(status, [.. found.Select(static f => f.Reason)], [.. found.Select(static f => f.Detail)]) { Queues = Named(vitals.Starving) };
    }

    private static List<WaitingQueueView>? Named(IReadOnlyList<WaitingQueue> starving) =>
        starving.Count == 0 ? null : [.. starving.Select(static queue => new WaitingQueueView(queue.QueueName, Math.Round(queue.Seconds, 1)))];

    private static string Starving(PipelineVitals vitals)
    {
        var named = string.Join(", ", vitals.Starving.Select(static queue => $"{queue.QueueName} for {Seconds(queue.Seconds)}"));
        var others = vitals.StarvingQueues > vitals.Starving.Count
            ? string.Create(CultureInfo.InvariantCulture, $" and {vitals.StarvingQueues - vitals.Starving.Count} more queues") : string.Empty;
        var places = vitals.Load >= vitals.Capacity
            ? $"All {vitals.Capacity} places for handlers are taken: start more workers, or cancel what holds the places."
            : $"{vitals.Load} of {vitals.Capacity} places for handlers are taken: ask for the explain of a task that waits.";
        return $"Due tasks wait and nothing is started in {named}{others}. {places}";
    }

    private static bool IsSilent(double? seconds, InspectOptions options) => seconds is null || seconds > options.TimerSilentSeconds;

    private static string Stuck(PipelineVitals vitals) => string.Create(
        CultureInfo.InvariantCulture,
        $"{vitals.OverdueTickets} tickets were not healed after their lease, {vitals.OvertimeTasks} tasks run far beyond their time-out, "
        + $"{vitals.OrphanTasks} are claimed by no ticket. Look into the log of the app that has the healer's timer.");

    private static string Seconds(double? seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:F0} s");

    private static string Ago(double? seconds) => seconds is null ? "never" : Seconds(seconds) + " ago";
}
