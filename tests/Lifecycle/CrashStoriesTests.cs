using Millrace.Lifecycle;

namespace Millrace.Tests.Lifecycle;

/// <summary>
/// The rule of crashes, told in thousands of seeded stories before anything is built on it: processes with places, long tasks that are innocent, a few that kill
/// their process soon or late, and kills from outside that are nobody's fault.
/// </summary>
public sealed class CrashStoriesTests
{
    private const int Stories = 1_000;

    [Fact]
    public void A_killer_is_found_in_few_kills_and_innocents_lose_at_most_one_attempt()
    {
        for (var seed = 1; seed <= Stories; seed++)
        {
            var story = new CrashStory(new Random(seed), processes: 3, places: 32) { Killers = 1 };
            story.Tell();

            // Beside the kills that are its attempts: once as a suspect among others, and once or twice after a trial that was too short.
            Assert.All(story.Guilty, static one => Assert.InRange(one.Kills, 1, one.MaxRetries + 1 + 3));
            Assert.All(story.Guilty, static one => Assert.Equal(DeathReason.Poison, one.DeadAs));
            Assert.All(story.Innocent, static one => Assert.InRange(one.MostCharged, 0, 1));
            Assert.All(story.Innocent, static one => Assert.True(one.IsDone, "An innocent may always be tried once more here."));
        }
    }

    /// <summary>Several killers at a time can hide behind each other's trials: seldom, and not for ever.</summary>
    [Theory]
    [InlineData(3, 8, 2)]
    [InlineData(6, 16, 3)]
    public void Of_several_killers_each_is_found_and_of_two_hundred_innocents_about_one_is_wronged(int processes, int places, int killers)
    {
        var (innocent, wronged, kills) = (0, 0, new List<int>());
        for (var seed = 1; seed <= Stories; seed++)
        {
            var story = new CrashStory(new Random(seed), processes, places) { Killers = killers };
            story.Tell();
            Assert.All(story.Guilty, static one => Assert.Equal(DeathReason.Poison, one.DeadAs));
            innocent += story.Innocent.Count();
            wronged += story.Innocent.Count(static one => one.MostCharged > 1 || !one.IsDone);
            kills.AddRange(story.Guilty.Select(static one => one.Kills - one.MaxRetries - 1));
        }

        kills.Sort();
        Assert.InRange(wronged, 0, innocent / 100);
        Assert.InRange(kills[kills.Count / 2], 0, 2);
        Assert.InRange(kills[kills.Count * 99 / 100], 0, 12);
    }

    [Fact]
    public void After_one_kill_from_outside_everybody_goes_on_at_once()
    {
        for (var seed = 1; seed <= Stories; seed++)
        {
            var story = new CrashStory(new Random(seed), processes: 5, places: 32) { Tasks = 128, OutsideKills = 1 };
            story.Tell();

            Assert.All(story.Innocent, static one => Assert.InRange(one.LongestDelay, 0, 1));
        }
    }

    /// <summary>Ten kills from outside in a row: everybody is a suspect in the end, and still waits for seconds only.</summary>
    [Fact]
    public void Kills_from_outside_in_a_row_make_suspects_wait_for_seconds_not_for_minutes()
    {
        List<double> delays = [];
        for (var seed = 1; seed <= Stories; seed++)
        {
            var story = new CrashStory(new Random(seed), processes: 4, places: 32) { Tasks = 96, OutsideKills = 3 };
            story.Tell();
            delays.Add(story.Innocent.Max(static one => one.LongestDelay));
        }

        delays.Sort();
        Assert.InRange(delays[delays.Count / 2], 0, 15);
        Assert.InRange(delays[^1], 0, 120);
    }
}
