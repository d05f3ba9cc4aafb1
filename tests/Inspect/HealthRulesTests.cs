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
