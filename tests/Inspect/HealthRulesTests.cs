using Millrace.Inspect;
using Millrace.Store.Rows;

namespace Millrace.Tests.Inspect;

public sealed class HealthRulesTests
{
    private static readonly PipelineVitals Well = new(null, 1, 1, 1, 0, 0, 0);

    [Fact]
    public void An_idle_pipeline_is_healthy_without_workers() => AssertJudged("healthy", Well with { ActiveExecutors = 0 });

    [Fact]
    public void A_backlog_with_workers_is_healthy() => AssertJudged("healthy", Well with { WaitingSeconds = 9_000 });

    [Fact]
    public void A_task_that_came_a_moment_ago_may_wait_for_the_first_worker() =>
        AssertJudged("healthy", Well with { WaitingSeconds = 5, ActiveExecutors = 0 });

    [Fact]
    public void Waiting_work_without_workers_is_unhealthy() =>
        AssertJudged("unhealthy", Well with { WaitingSeconds = 31, ActiveExecutors = 0 }, "no_active_workers");

    [Fact]
    public void Nothing_running_at_all_says_so() => AssertJudged(
        "unhealthy", new(31, 0, null, null, 0, 0, 0), "no_active_workers", "no_dispatcher", "no_healer");

    [Fact]
    public void A_silent_dispatcher_is_degraded_while_nothing_waits() =>
        AssertJudged("degraded", Well with { DispatchSeconds = 121 }, "no_dispatcher");

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 1)]
    public void Stuck_tasks_are_degraded(long tickets, long overtime, long orphans) => AssertJudged(
        "degraded", Well with { OverdueTickets = tickets, OvertimeTasks = overtime, OrphanTasks = orphans }, "tasks_stuck");

    [Theory]
    [InlineData(31, "degraded")]
    [InlineData(301, "unhealthy")]
    public void A_queue_in_which_nothing_is_started_is_named_however_well_the_others_are(double seconds, string status)
    {
        var vitals = Well with { WaitingSeconds = seconds, Starving = [new("poor", seconds)], StarvingSeconds = seconds, StarvingQueues = 1, Capacity = 8, Load = 8 };
        AssertJudged(status, vitals, "queue_starves");

        var health = HealthRules.Judge(vitals, new InspectOptions());
        Assert.Equal(("poor", seconds), (Assert.Single(health.Queues!).QueueName, health.Queues![0].WaitingSeconds));
        Assert.Contains("poor for ", health.Details[0], StringComparison.Ordinal);
        Assert.Contains("All 8 places for handlers are taken", health.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_queues_that_starve_the_number_of_the_others_is_told()
    {
        var health = HealthRules.Judge(Well with { Starving = [new("a", 99), new("b", 40)], StarvingQueues = 4_713, Capacity = 8, Load = 3 }, new InspectOptions());

        Assert.StartsWith("Due tasks wait and nothing is started in a for 99 s, b for 40 s and 4711 more queues. 3 of 8 places", health.Details[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_workers_that_is_the_reason_and_not_the_queues() => AssertJudged(
        "unhealthy", Well with { WaitingSeconds = 31, ActiveExecutors = 0, Starving = [new("a", 31)], StarvingQueues = 1 }, "no_active_workers");

    [Fact]
    public void A_database_that_is_away_is_unhealthy() => AssertJudged("unhealthy", null, "database_unreachable");

    private static void AssertJudged(string status, PipelineVitals? vitals, params string[] reasons)
    {
        var health = HealthRules.Judge(vitals, new InspectOptions());
        Assert.Equal(status, health.Status);
        Assert.Equal(reasons, health.Reasons);
        Assert.All(health.Details, static d => Assert.EndsWith(".", d, StringComparison.Ordinal));
    }
}
