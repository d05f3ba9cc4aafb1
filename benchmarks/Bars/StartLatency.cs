using System.Text;
using System.Text.Json;

namespace Millrace.Benchmarks.Bars;

/// <summary>
/// P4. 200 tasks a second, one POST each, with a hot executor: from the moment before the POST to the handler's start by
/// the database's clock, in rounds of 20 s. Both clocks are this machine's.
/// </summary>
internal sealed class StartLatency(BenchStage stage, BenchPlan plan, BenchReport report)
{
    private const int PerSecond = 200;
    private const int Seconds = 20;
    private const int WarmUpSeconds = 20;
    private const int ColdTasks = 20;
    private static readonly TimeSpan Cold = TimeSpan.FromSeconds(8);

    internal async Task RunAsync(CancellationToken cancellation)
    {
        var sent = await SendAsync(WarmUpSeconds + (plan.Rounds * Seconds), cancellation);
        await TellAsync([.. sent.Skip(PerSecond * WarmUpSeconds).Chunk(PerSecond * Seconds)], Figures.Hot, cancellation);
    }

    /// <summary>One round, whatever else goes on.</summary>
    /// <returns>Milliseconds from POST to start, one per task.</returns>
    internal async Task<double[]> MeasureAsync(CancellationToken cancellation) =>
        (await TookAsync([await SendAsync(Seconds, cancellation)], cancellation))[0];

    /// <summary>P4c. One task after the executor's patience, and the host's, has run out, so that it is the poll of the storage queue that finds it.</summary>
    internal async Task RunColdAsync(CancellationToken cancellation)
    {
        var sent = new List<(Guid Id, DateTimeOffset At)>();
        for (var i = 0; i < ColdTasks; i++)
        {
            await Task.Delay(Cold, TimeProvider.System, cancellation);
            sent.Add(await SendAsync(cancellation));
        }

        await TellAsync([[.. sent]], Figures.Cold, cancellation);
    }

    private async Task TellAsync((Guid Id, DateTimeOffset At)[][] rounds, string what, CancellationToken cancellation)
    {
        var took = await TookAsync(rounds, cancellation);
        report.Add("millrace", what + Figures.P50, "ms", Array.ConvertAll(took, static round => BenchReport.Percentile(round, 0.5)));
        report.Add("millrace", what + Figures.P99, "ms", Array.ConvertAll(took, static round => BenchReport.Percentile(round, 0.99)));
    }

    private async Task<double[][]> TookAsync((Guid Id, DateTimeOffset At)[][] rounds, CancellationToken cancellation)
    {
        await stage.DrainedAsync(["bench-latency"], rounds[0][0].At.UtcDateTime, cancellation);
        var began = await BeganAsync(cancellation);
        return Array.ConvertAll(rounds, round => Array.ConvertAll(round, one => (began[one.Id] - one.At.UtcDateTime).TotalMilliseconds));
    }

    private async Task<(Guid Id, DateTimeOffset At)[]> SendAsync(int seconds, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        List<Task<(Guid, DateTimeOffset)>> open = [];
        for (var i = 0; i < PerSecond * seconds && await timer.WaitForNextTickAsync(cancellation); i++)
        {
            open.Add(SendAsync(cancellation));
        }

        return await Task.WhenAll(open);
    }

    private async Task<(Guid Id, DateTimeOffset At)> SendAsync(CancellationToken cancellation)
    {
        var at = TimeProvider.System.GetUtcNow();
        using var content = new StringContent("""{"type":"echo","queue_name":"bench-latency","data":1}""", Encoding.UTF8, "application/json");
        using var response = await stage.Client.PostAsync(new Uri("api/v1/tasks", UriKind.Relative), content, cancellation);
        response.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        return (body.RootElement.GetProperty("id").GetGuid(), at);
    }

    private async Task<Dictionary<Guid, DateTime>> BeganAsync(CancellationToken cancellation)
    {
        var began = new Dictionary<Guid, DateTime>();
        await using var command = stage.Database.CreateCommand(
            "SELECT id, started_at FROM finished_tasks WHERE queue_name = 'bench-latency' AND started_at IS NOT NULL");
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            began[rows.GetGuid(0)] = rows.GetDateTime(1);
        }

        return began;
    }
}
