using Millrace.Local.Demo;

namespace Millrace.Tests.Local.Demo;

public sealed class DemoPlanTests
{
    private const int Total = 20_000;

    [Fact]
    public void Without_earlier_runs_a_new_one_sends_everything() =>
        Assert.Equal(new DemoPlan("run-3", 0, Total, 0), Plan());

    [Fact]
    public void After_whole_runs_a_new_one_sends_everything() =>
        Assert.Equal(new DemoPlan("run-3", 0, Total, 0), Plan(new("run-2", Total, 0), new("run-1", Total, 0)));

    [Fact]
    public void A_run_that_was_cut_short_while_sending_goes_on_after_its_last_row() =>
        Assert.Equal(new DemoPlan("run-2", 6_000, Total, 900), Plan(new("run-1", Total, 0), new("run-2", 6_000, 900)));

    [Fact]
    public void Rows_are_left_to_send_even_when_all_that_were_sent_have_ended() =>
        Assert.Equal(new DemoPlan("run-2", 6_000, Total, 0), Plan(new DemoRunState("run-2", 6_000, 0)));

    [Fact]
    public void A_run_that_was_sent_and_not_worked_off_sends_nothing_again() =>
        Assert.Equal(new DemoPlan("run-2", Total, Total, 7), Plan(new DemoRunState("run-2", Total, 7)));

    [Fact]
    public void An_older_run_with_live_tasks_is_finished_before_a_new_one_begins() =>
        Assert.Equal("run-1", Plan(new("run-2", Total, 0), new("run-1", Total, 1)).Run);

    [Theory]
    [InlineData(0, 0, "Sending 20,000 flights to queue 'demo' as run-2.")]
    [InlineData(6_000, 900, "Going on with run-2, which was cut short: 900 flights have not ended, 14,000 are still to be sent.")]
    [InlineData(Total, 7, "Going on with run-2, which was cut short: all flights were sent, 7 have not ended.")]
    public void The_plan_is_said_in_a_sentence(int skip, long waiting, string sentence) =>
        Assert.Equal(sentence, new DemoPlan("run-2", skip, Total, waiting).Sentence);

    private static DemoPlan Plan(params DemoRunState[] runs) => DemoPlan.For(runs, Total, "run-3");
}
