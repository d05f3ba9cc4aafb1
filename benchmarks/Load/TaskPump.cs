using System.Net.Http.Headers;
using System.Text;

namespace Millrace.Benchmarks.Load;

/// <summary>A steady stream of no-op tasks: ten small NDJSON requests a second, sent when their time has come, whether the one before was answered or not.</summary>
internal static class TaskPump
{
    private const int BatchesPerSecond = 10;

    /// <returns>How many tasks were sent and accepted.</returns>
    internal static async Task<int> RunAsync(BenchStage stage, string queue, int perSecond, TimeSpan length, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        for (var i = 0; i < perSecond / BatchesPerSecond; i++)
        {
            TaskRound.NoOp(text, queue, i);
            text.Append('\n');
        }

        var body = Encoding.UTF8.GetBytes(text.ToString());
        var batches = (int)(length.TotalSeconds * BatchesPerSecond);
        List<Task> open = [];
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / BatchesPerSecond));
        for (var batch = 0; batch < batches && await timer.WaitForNextTickAsync(cancellation); batch++)
        {
            open.Add(SendAsync(stage, body, cancellation));
        }

        await Task.WhenAll(open);
        return batches * (perSecond / BatchesPerSecond);
    }

    private static async Task SendAsync(BenchStage stage, byte[] body, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await stage.Client.PostAsync(new Uri("api/v1/tasks/bulk", UriKind.Relative), content, cancellation);
        response.EnsureSuccessStatusCode();
    }
}
