using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Dispatch;
using Millrace.Queues;
using Millrace.Redis;
using Millrace.Store.Rows;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>One caller who fills thousands of queues at once uses up nothing that others need.</summary>
public sealed class ManyQueuesTests
{
    private const int Queues = 3_000;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private readonly string prefix = $"q-{Guid.CreateVersion7():N}";

    [Fact]
    public async Task Tasks_in_thousands_of_queues_are_done_with_few_connections_and_others_are_not_held_up()
    {
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(place);
        var other = new Work(place, host.Client);
        using var all = new CancellationTokenSource();
        var connections = MostConnectionsAsync(place, all.Token);

        await SubmitToManyAsync(host);
        var task = await other.SubmitAsync(type: "process");
        await other.UntilFinishedAsync(task);
        var left = await place.ScalarAsync<long>("SELECT count(*) FROM tasks");
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks)", Longest);

        await all.CancelAsync();
        Assert.NotEqual(0, left);
        Assert.InRange(await connections, 1, 12 + 2);
        await Books.AssertAllEndedAsync(place, Queues + 1);
        Assert.Equal(Queues + 1L, await place.ScalarAsync<long>("SELECT count(*) FROM finished_tasks WHERE attempts = 1 AND crashes = 0"));
        Assert.DoesNotContain(host.Log.Warnings, static warning => warning.Contains("pass", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_remembered_of_a_queue_is_forgotten_when_nothing_waits_there()
    {
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(place);
        await SubmitToManyAsync(host);
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks) AND NOT EXISTS (SELECT FROM tickets)", Longest);
        var (nudge, signal) = (host.Services.GetRequiredService<DispatchNudge>(), host.Services.GetRequiredService<RedisSignal>());

        // A wake's pause, and what the executors still say.
        for (var began = TimeProvider.System.GetTimestamp(); nudge.Remembered + signal.Remembered > 1;)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30), $"{nudge.Remembered} queues and {signal.Remembered} topics are remembered.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Place.Cancellation);
        }
    }

    [Fact]
    public async Task While_nobody_executes_the_tickets_of_many_queues_are_bounded_and_a_queue_alone_has_its_own()
    {
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(place, new Dictionary<string, string>
        {
            ["AzureWebJobs.Execute.Disabled"] = "true",
            ["AzureWebJobs.ExecuteUrgent.Disabled"] = "true",
            ["Millrace__Dispatch__QueuedTicketsInAll"] = "100",
            ["Millrace__Dispatch__QueuedLeaseSeconds"] = "60",
        });
        await SubmitToManyAsync(host);
        await place.UntilAsync("count(*) > 50 FROM tickets");

        var other = new Work(place, host.Client);
        await other.SubmitAsync(type: "process");

        await place.UntilAsync("EXISTS (SELECT FROM tickets WHERE queue_name = $1)", other.Queue);
        Assert.InRange(await place.ScalarAsync<long>("SELECT count(*) FROM tickets"), 50, 100 + (2 * TaskDispatcher.QueuesAtOnce));
    }

    [Fact]
    public async Task Delayed_tasks_of_many_queues_share_their_wakes()
    {
        await using var place = await Place.NewAsync();
        await using var host = await PipelineHost.StartAsync(place, new Dictionary<string, string>
        {
            ["AzureWebJobs.Dispatch.Disabled"] = "true",
            ["AzureWebJobs.Heal.Disabled"] = "true",
        });

        // Long enough for a loaded machine to plan them all before the first is due.
        await SubmitToManyAsync(host, 200, ",\"delay_seconds\":15");
        await place.UntilAsync("count(*) = 200 FROM wakes WHERE purpose = 'dispatch'");
        var messages = (await place.Queue(QueueNames.Wakes).GetPropertiesAsync(Place.Cancellation)).Value.ApproximateMessagesCountLong;

        Assert.InRange(messages, 1, 60);
        await place.UntilAsync("NOT EXISTS (SELECT FROM tasks)", Longest);
        await Books.AssertAllEndedAsync(place, 200);
    }

    private async Task SubmitToManyAsync(PipelineHost host, int queues = Queues, string fields = "")
    {
        var tasks = Enumerable.Range(0, queues)
            .Select(n => string.Create(CultureInfo.InvariantCulture, $$"""{"type":"process","queue_name":"{{prefix}}-{{n}}","data":{}{{fields}}}"""));
        using var answer = await Work.PostAsync(host.Client, "api/v1/tasks?atomic=true", $"[{string.Join(',', tasks)}]");
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted || answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Place.Cancellation));
    }

    private static async Task<long> MostConnectionsAsync(Place place, CancellationToken stop)
    {
        var most = 0L;
        while (!stop.IsCancellationRequested)
        {
            most = Math.Max(most, await place.ScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'millrace'"));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }

        return most;
    }
}
