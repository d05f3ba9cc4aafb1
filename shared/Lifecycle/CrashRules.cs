namespace Millrace.Lifecycle;

/// <summary>
/// Who is to blame when a process dies. Mostly nobody: processes are killed, scaled in and run out of memory. So the first time everybody goes on at once. Who was
/// there a second time is a suspect: suspects are begun one after another in a process, and each is watched for a while before the next. When
/// a process dies with a suspect on trial and no other suspect in it, that one is guilty and all others are cleared. Some kill late, after their trial: after a
/// crash that shows no culprit the next trials are longer, and a suspect begins only where no other suspect runs. Pure.
/// </summary>
internal static class CrashRules
{
    /// <summary>A task that was near so many crashes is a suspect.</summary>
    internal const int SuspectFrom = 2;

    private static readonly TimeSpan FirstTrial = TimeSpan.FromMilliseconds(250);

    /// <summary>Each trial that has ended without a culprit makes the next so much longer, for some kill late.</summary>
    private const int LongerBy = 16;

    /// <summary>From so many crashes on a suspect begins only where no other suspect runs, so that the next crash has one culprit.</summary>
    private const int AloneFrom = 3;

    /// <summary>After so many crashes a suspect is on trial until it ends.</summary>
    private const int WholeTrialFrom = 5;

    /// <param name="crashes">The crashes that the task was near, before this one.</param>
    /// <param name="hasCulprit">Whether a task was on trial when the process died, and no other suspect was running.</param>
    /// <param name="isCulprit">Whether it was this one.</param>
    /// <param name="isAlone">Whether no other ticket of the process held a task.</param>
    internal static CrashPart Judge(int crashes, bool hasCulprit, bool isCulprit, bool isAlone) =>
        hasCulprit ? isCulprit ? CrashPart.Guilty : CrashPart.Cleared
        : crashes == 0 ? CrashPart.Near
        : isAlone ? CrashPart.Guilty
        : CrashPart.Suspect;

    /// <summary>Whether a suspect begins only where no other suspect runs.</summary>
    /// <param name="crashes">The crashes that it was near.</param>
    internal static bool IsTriedAlone(int crashes) => crashes >= AloneFrom;

    /// <summary>How long a suspect is watched before another may be begun in the same process; null until it ends.</summary>
    /// <param name="crashes">The crashes that it was near.</param>
    internal static TimeSpan? Trial(int crashes) =>
        crashes < WholeTrialFrom ? FirstTrial * Math.Pow(LongerBy, Math.Max(0, crashes - SuspectFrom)) : null;
}
