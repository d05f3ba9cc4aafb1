using Millrace.Lifecycle;

namespace Millrace.Tests.Lifecycle;

/// <summary>One simulated cluster, in steps of 50 ms: who waits begins where a place is free, who is a suspect begins on trial. No clock, no I/O.</summary>
internal sealed class CrashStory(Random random, int processes, int places)
{
    private const double Step = 0.05;
    private const double Longest = 900;
    private readonly List<StoryTask>[] running = [.. Enumerable.Range(0, processes).Select(static _ => new List<StoryTask>())];
    private readonly (StoryTask Task, double Until)?[] trials = new (StoryTask, double)?[processes];
    private readonly List<StoryTask> all = [];
    private double now;

    internal int Tasks { get; init; } = 40;

    internal int Killers { get; init; }

    internal int OutsideKills { get; init; }

    internal IEnumerable<StoryTask> Guilty => all.Where(static one => one.KillsAfter is not null);

    internal IEnumerable<StoryTask> Innocent => all.Where(static one => one.KillsAfter is null);

    internal void Tell()
    {
        for (var n = 0; n < Tasks; n++)
        {
            double? killsAfter = n < Killers ? random.Next(3) == 0 ? 1 + (random.NextDouble() * 3) : random.NextDouble() * 0.1 : null;
            all.Add(new StoryTask(random.Next(1, 4), 4 + (random.NextDouble() * 20), killsAfter) { ReadyAt = random.NextDouble() * 2 });
        }

        List<double> kills = [.. Enumerable.Range(0, OutsideKills).Select(n => 3 + (n * 8) + random.NextDouble())];
        for (; now < Longest && all.Exists(static one => one is { IsDone: false, DeadAs: null }); now += Step)
        {
            Begin();
            Run();
            if (kills.Count > 0 && now >= kills[0])
            {
                kills.RemoveAt(0);
                Die(random.Next(processes));
            }
        }
    }

    private void Begin()
    {
        for (var p = 0; p < processes; p++)
        {
            if (trials[p] is { } trial && (now >= trial.Until || !running[p].Contains(trial.Task)))
            {
                trials[p] = null;
            }
        }

        foreach (var task in all.Where(one => one.IsWaiting && one.ReadyAt <= now).OrderBy(_ => random.Next()))
        {
            var free = Enumerable.Range(0, processes).Where(p => running[p].Count < places && MayBegin(task, p)).ToArray();
            if (free.Length == 0)
            {
                continue;
            }

            var chosen = free[random.Next(free.Length)];
            if (task.IsSuspect)
            {
                trials[chosen] = (task, CrashRules.Trial(task.Claim.Crashes) is { } trial ? now + trial.TotalSeconds : double.MaxValue);
            }

            task.Begin(now);
            running[chosen].Add(task);
        }
    }

    private bool MayBegin(StoryTask task, int process) =>
        !task.IsSuspect
        || (trials[process] is null && !(CrashRules.IsTriedAlone(task.Claim.Crashes) && running[process].Exists(static one => one.IsSuspect)));

    private void Run()
    {
        for (var p = 0; p < processes; p++)
        {
            foreach (var task in running[p].Where(one => one.IsDoneAt(now)).ToArray())
            {
                task.End();
                running[p].Remove(task);
            }

            if (running[p].Find(one => one.KillsAt(now)) is { } killer)
            {
                killer.Kills++;
                Die(p);
            }
        }
    }

    private void Die(int process)
    {
        var there = running[process].ToArray();
        var onTrial = trials[process]?.Task;
        running[process].Clear();
        trials[process] = null;
        StoryTask? guilty = null;
        var culprit = onTrial is not null && there.Count(static one => one.IsSuspect) == 1 ? onTrial : null;
        foreach (var task in there)
        {
            var part = CrashRules.Judge(task.Claim.Crashes, culprit is not null, task == culprit, there.Length == 1);
            guilty = part == CrashPart.Guilty ? task : guilty;
            task.Crash(part, there, now);
        }

        guilty?.Acquit();
    }
}
