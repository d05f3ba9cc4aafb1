using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Time.Testing;
using Millrace.Local.Hosting;
using Millrace.Local.Hosting.Timers;
using Millrace.Tests.Support;

namespace Millrace.Tests.Local.Hosting;

public sealed class TimerTriggerTests(AzuriteFixture azurite)
{
    private readonly FakeTimeProvider time = FakeTime.Start;
    private readonly MemoryTimerStore store = new();
    private readonly Gate gate = new();

    // 4.4: status written after every run when UseMonitor; Last is the scheduled time.
    [Fact]
    public async Task A_timer_fires_on_its_schedule_and_remembers_it()
    {
        gate.Open();
        await using var host = await Host().StartAsync(typeof(Hourly));
        Assert.Equal("run pastDue=False next=11:00", await time.AdvanceUntilAsync(TimeSpan.FromMinutes(10), gate.EnteredAsync()));
        Assert.Equal("run pastDue=False next=12:00", await time.AdvanceUntilAsync(TimeSpan.FromMinutes(10), gate.EnteredAsync()));
    }

    // 4.4: after downtime only one catch-up run, with IsPastDue.
    [Fact]
    public async Task After_a_downtime_one_run_catches_up()
    {
        gate.Open();
        var last = time.GetUtcNow().AddHours(-5);
        store.Remember("hourly", new TimerStatus(last, last.AddHours(1), last));
        await using var host = await Host().StartAsync(typeof(Hourly));
        Assert.Equal("run pastDue=True next=06:00", await gate.EnteredAsync());
        Assert.Equal("run pastDue=False next=11:00", await time.AdvanceUntilAsync(TimeSpan.FromMinutes(10), gate.EnteredAsync()));
    }

    // 4.4: no overlap; Next is computed from the run's start, missed occurrences collapse into one, IsPastDue=false.
    [Fact]
    public async Task An_overrun_makes_one_late_run_and_no_overlap()
    {
        await using var host = await Host().StartAsync(typeof(Hourly));
        await time.AdvanceUntilAsync(TimeSpan.FromMinutes(10), gate.EnteredAsync());
        time.Advance(TimeSpan.FromHours(5));
        Assert.False(gate.HasReported);
        gate.Open();
        Assert.Equal("run pastDue=False next=12:00", await gate.EnteredAsync());
        Assert.Equal("run pastDue=False next=17:00", await time.AdvanceUntilAsync(TimeSpan.FromMinutes(10), gate.EnteredAsync()));
    }

    // 3.5: ScheduleStatus is null when UseMonitor is false or was auto-disabled; 4.4: RunOnStartup -> one immediate run.
    [Fact]
    public async Task A_fast_timer_runs_at_start_and_has_no_status()
    {
        gate.Open();
        await using var host = await Host().StartAsync(typeof(Fast));
        Assert.Equal("run pastDue=False next=none", await gate.EnteredAsync());
        Assert.Null(store.StatusOf("fast"));
    }

    // 4.4: a failure does not retry (unless a retry attribute) and never stops the schedule.
    [Fact]
    public async Task A_failing_timer_is_retried_as_its_attribute_says_and_goes_on()
    {
        await using var host = await Host().StartAsync(typeof(Failing));
        var seen = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            seen.Add(await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), gate.EnteredAsync()));
        }

        Assert.Equal(["retry 0 of 2", "retry 1 of 2", "retry 2 of 2", "retry 0 of 2"], seen);
    }

    // 4.4: singleton per app: losers retry the lock; failover when the holder stops.
    [Fact]
    public async Task Of_two_hosts_one_fires_and_the_other_takes_over()
    {
        gate.Open();
        var first = await Host().StartAsync(typeof(Fast));
        await gate.EnteredAsync();
        await using var second = await Host().StartAsync(typeof(Fast));
        await store.RefusedAsync();
        Assert.False(gate.HasReported);
        await first.DisposeAsync();
        Assert.Equal("run pastDue=False next=none", await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), gate.EnteredAsync()));
    }

    // 4.4: the lock is renewed; a lost one stops the timer here until it is free again.
    [Fact]
    public async Task A_lost_lock_stops_the_timer_until_it_is_free()
    {
        gate.Open();
        await using var host = await Host().StartAsync(typeof(Fast));
        await gate.EnteredAsync();
        store.Steal("fast");
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), LoggedAsync(host, 9303));
        gate.Forget();
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), store.RefusedAsync());
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), store.RefusedAsync());
        Assert.False(gate.HasReported);
        store.Free("fast");
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), gate.EnteredAsync());
    }

    // 4.4 with the local difference: a storage outage must not stop timers for ever nor the host.
    [Fact]
    public async Task A_storage_outage_only_delays_a_timer()
    {
        gate.Open();
        store.IsDown = true;
        await using var host = await Host().StartAsync(typeof(Hourly));
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), LoggedAsync(host, 9301));
        store.IsDown = false;
        Assert.StartsWith("run", await time.AdvanceUntilAsync(TimeSpan.FromMinutes(1), gate.EnteredAsync()), StringComparison.Ordinal);
    }

    // 4.4: status blob azure-webjobs-hosts, timers/{hostId}/Host.Functions.{Name}/status, {"Last","Next","LastUpdated"};
    // listener lock blob locks/{hostId}/Host.Functions.{Name}.Listener.
    [Fact]
    public async Task Status_and_lock_are_blobs_where_the_real_host_keeps_them()
    {
        var hostId = AzuriteFixture.UniqueName("h")[..30];
        var host = Host();
        host.TimerStore = null;
        host.Settings["AzureWebJobsStorage"] = azurite.ConnectionString;
        host.Settings["AzureFunctionsWebHost__hostid"] = hostId;
        gate.Open();
        await using (await host.StartAsync(typeof(AtStart)))
        {
            await gate.EnteredAsync();
        }

        var container = azurite.Container("azure-webjobs-hosts");
        var status = await container.GetBlobClient($"timers/{hostId}/Host.Functions.atstart/status").DownloadContentAsync(TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(status.Value.Content);
        Assert.Equal(["Last", "Next", "LastUpdated"], json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.True((await container.GetBlobClient($"locks/{hostId}/Host.Functions.atstart.Listener").ExistsAsync(TestContext.Current.CancellationToken)).Value);
    }

    [Fact]
    public async Task A_blob_lock_has_one_holder_and_can_be_renewed_and_released()
    {
        var one = new BlobTimerStore(azurite.ConnectionString, AzuriteFixture.UniqueName("h")[..30]);
        var cancellation = TestContext.Current.CancellationToken;
        var held = await one.TryLockAsync("f", TimeSpan.FromSeconds(60), cancellation);
        Assert.NotNull(held);
        Assert.Null(await one.TryLockAsync("f", TimeSpan.FromSeconds(60), cancellation));
        Assert.True(await held.TryRenewAsync(cancellation));
        await held.ReleaseAsync(cancellation);
        Assert.False(await held.TryRenewAsync(cancellation));
        Assert.NotNull(await one.TryLockAsync("f", TimeSpan.FromSeconds(60), cancellation));
    }

    private static async Task<bool> LoggedAsync(TestHost host, int eventId)
    {
        await host.Log.WaitForAsync(eventId);
        return true;
    }

    private TestHost Host() => new()
    {
        Time = time,
        TimerStore = store,
        Configure = (app, _) => gate.Register(app),
        Change = options => options with { Port = null, TimerLocks = new TimerLockOptions { Retry = TimeSpan.FromSeconds(20) } },
    };

    public sealed class Hourly(Gate gate)
    {
        [Function("hourly")]
        public Task Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => gate.PassAsync(Describe(timer), CancellationToken.None);
    }

    public sealed class Fast(Gate gate)
    {
        [Function("fast")]
        public Task Run([TimerTrigger("*/10 * * * * *", RunOnStartup = true)] TimerInfo timer) =>
            gate.PassAsync(Describe(timer), CancellationToken.None);
    }

    public sealed class AtStart(Gate gate)
    {
        [Function("atstart")]
        public Task Run([TimerTrigger("0 0 * * * *", RunOnStartup = true)] TimerInfo timer) =>
            gate.PassAsync(Describe(timer), CancellationToken.None);
    }

    public sealed class Failing(Gate gate)
    {
        [Function("failing")]
        [FixedDelayRetry(2, "00:00:10")]
        public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer, FunctionContext context)
        {
            gate.Report($"retry {context.RetryContext.RetryCount} of {context.RetryContext.MaxRetryCount}");
            throw new InvalidOperationException("on purpose");
        }
    }

    private static string Describe(TimerInfo timer) =>
        $"run pastDue={timer.IsPastDue} next={timer.ScheduleStatus?.Next.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture) ?? "none"}";
}
