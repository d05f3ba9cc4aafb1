using System.ComponentModel.DataAnnotations;
using Millrace.Store.Rows;

namespace Millrace.Inspect;

/// <summary>What Inspect calls late, in seconds; section <c>Inspect</c>.</summary>
internal sealed class InspectOptions
{
    /// <summary>An executor that has been silent for longer is lost.</summary>
    [Range(1, 3_600)]
    public int LostAfterSeconds { get; set; } = 15;

    /// <summary>How long a lost executor is still listed.</summary>
    [Range(0, 604_800)]
    public int LostShownSeconds { get; set; } = 3_600;

    /// <summary>A due task that nobody takes for longer is a fault, when there is nobody to take it or nothing of its queue is started.</summary>
    [Range(1, 86_400)]
    public int WaitingTooLongSeconds { get; set; } = 30;

    /// <summary>A timer that has not run for longer does not run. More than twice the longest schedule.</summary>
    [Range(1, 86_400)]
    public int TimerSilentSeconds { get; set; } = 120;

    /// <summary>A lease that ended longer ago, and is not healed, is stuck.</summary>
    [Range(1, 86_400)]
    public int UnhealedSeconds { get; set; } = 30;

    /// <summary>A task that runs for this much longer than its time-out is stuck.</summary>
    [Range(1, 86_400)]
    public int OvertimeSeconds { get; set; } = 600;

    /// <summary>How long health waits for PostgreSQL.</summary>
    [Range(1, 60)]
    public int HealthTimeoutSeconds { get; set; } = 5;

    /// <summary>How long the expensive counts are kept, in milliseconds; 0 reads each time.</summary>
    [Range(0, 60_000)]
    public int KeptMilliseconds { get; set; } = 1_000;

    /// <summary>How many requests may wait for results at once in one process. One key may have half of the places that others leave.</summary>
    [Range(1, 100_000)]
    public int MostWaiting { get; set; } = 2_000;

    internal VitalLimits VitalLimits => new(TimeSpan.FromSeconds(WaitingTooLongSeconds), LostAfter, Unhealed, Overtime);

    internal TimeSpan LostAfter => TimeSpan.FromSeconds(LostAfterSeconds);

    internal TimeSpan LostShown => TimeSpan.FromSeconds(LostShownSeconds);

    private TimeSpan Unhealed => TimeSpan.FromSeconds(UnhealedSeconds);

    private TimeSpan Overtime => TimeSpan.FromSeconds(OvertimeSeconds);

    internal TimeSpan HealthTimeout => TimeSpan.FromSeconds(HealthTimeoutSeconds);

    internal TimeSpan Kept => TimeSpan.FromMilliseconds(KeptMilliseconds);
}
