using System.Diagnostics;
using Millrace.Lifecycle;

namespace Millrace.Tests.Lifecycle;

/// <summary>A task of a <see cref="CrashStory"/>.</summary>
internal sealed class StoryTask(int maxRetries, double seconds, double? killsAfter)
{
    private readonly List<(StoryTask[] There, bool Charged)> crashes = [];
    private double begunAt;

    internal int MaxRetries => maxRetries;

    internal double? KillsAfter => killsAfter;

    internal int Kills { get; set; }

    internal double ReadyAt { get; set; }

    internal ClaimedTask Claim { get; private set; } = new(0, 0, false, new RetryPolicy((short)maxRetries, 0.2f, 1, 1));

    internal bool IsWaiting { get; private set; } = true;

    internal bool IsDone { get; private set; }

    internal DeathReason? DeadAs { get; private set; }

    internal int MostCharged { get; private set; }

    /// <summary>The longest that it waited after a crash, in seconds.</summary>
    internal double LongestDelay { get; private set; }

    internal bool IsSuspect => Claim.Crashes >= CrashRules.SuspectFrom;

    internal void Begin(double now)
    {
        LongestDelay = crashes.Count > 0 ? Math.Max(LongestDelay, now - ReadyAt) : 0;
        (begunAt, IsWaiting) = (now, false);
    }

    internal bool IsDoneAt(double now) => killsAfter is null && now - begunAt >= seconds;

    internal bool KillsAt(double now) => killsAfter is { } after && !IsWaiting && now - begunAt >= after;

    internal void End() => IsDone = true;

    internal void Crash(CrashPart part, StoryTask[] there, double now)
    {
        (IsWaiting, ReadyAt) = (true, now);
        switch (AttemptRules.Decide(Claim, new AttemptEnd.Crashed(part)))
        {
            case Transition.Retry retry:
                Claim = Claim with { Attempts = Claim.Attempts + 1, Crashes = Claim.Crashes + 1 };
                ReadyAt += retry.Waits!.Value.TotalSeconds;
                break;
            case Transition.Release release:
                Claim = Claim with { Crashes = Claim.Crashes + (release.Crashed ? 1 : 0) };
                break;
            case Transition.Bury bury:
                (DeadAs, IsWaiting) = (bury.Reason, false);
                break;
            default:
                throw new UnreachableException();
        }

        if (part is not CrashPart.Cleared)
        {
            crashes.Add((there, part is CrashPart.Near or CrashPart.Guilty));
        }

        MostCharged = Math.Max(MostCharged, Claim.Attempts);
    }

    /// <summary>The others of its crashes are cleared.</summary>
    internal void Acquit()
    {
        foreach (var (there, _) in crashes)
        {
            foreach (var other in there.Where(one => one != this))
            {
                other.Clear(there);
            }
        }
    }

    private void Clear(StoryTask[] there)
    {
        var mine = crashes.FindIndex(one => one.There == there);
        if (mine >= 0)
        {
            Claim = Claim with { Attempts = Math.Max(0, Claim.Attempts - (crashes[mine].Charged ? 1 : 0)), Crashes = Math.Max(0, Claim.Crashes - 1) };
            crashes.RemoveAt(mine);
        }
    }
}
