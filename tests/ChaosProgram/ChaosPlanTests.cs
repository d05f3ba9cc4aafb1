using Millrace.Tests.Chaos.Running;

namespace Millrace.Tests.ChaosProgram;

/// <summary>The command line of the chaos programme says what is played, and makes no sense of nonsense.</summary>
public sealed class ChaosPlanTests
{
    [Fact]
    public void Words_are_understood()
    {
        var plan = ChaosPlan.Parse(["long", "--tries", "3", "--only", "kill-one,kill-all", "--side-by-side", "2", "--data", "here", "--list"])!;
        Assert.Equal((ChaosPlan.Long, 3, 2, "here", true), (plan.Verb, plan.Tries, plan.SideBySide, plan.Data, plan.List));
        Assert.Equal(["kill-one", "kill-all"], plan.Only);
    }

    [Theory]
    [InlineData]
    [InlineData("tiny")]
    [InlineData("long", "--tries")]
    [InlineData("long", "--tries", "0")]
    [InlineData("long", "--tries", "many")]
    [InlineData("long", "--fast")]
    public void Nonsense_is_refused(params string[] words) => Assert.Null(ChaosPlan.Parse(words));

    [Fact]
    public void No_two_scenarios_have_the_same_name_and_the_short_form_is_a_part_of_the_long_one()
    {
        var names = AllScenarios.Long.Select(static scenario => scenario.Name).ToList();
        Assert.Equal(names.Distinct(), names);
        Assert.Empty(AllScenarios.Short.Select(static scenario => scenario.Name).Except(names));
    }

    [Fact]
    public void Every_scenario_there_is_is_played()
    {
        var written = typeof(AllScenarios).Assembly.GetTypes().Where(static type => !type.IsAbstract && type.IsSubclassOf(typeof(Chaos.Trying.Scenario)));
        Assert.Empty(written.Except(AllScenarios.Long.Select(static scenario => scenario.GetType())));
    }
}
