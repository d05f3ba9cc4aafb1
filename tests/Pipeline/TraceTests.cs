using System.Collections.Concurrent;
using System.Diagnostics;
using Millrace.Lifecycle;
using Millrace.Tests.Support;

namespace Millrace.Tests.Pipeline;

/// <summary>A task's way is one trace, from the request that submitted it to its attempt.</summary>
public sealed class TraceTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private readonly Work work = new(pipeline.Place, pipeline.Host.Client);

    [Fact]
    public async Task An_attempt_belongs_to_the_trace_of_its_submission_and_names_the_ticket_it_ran_in()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Millrace",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        pipeline.Host.Scripts[work.Queue] = static _ => new(TaskOutcome.Succeeded());
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/tasks")
        {
            Content = new StringContent($$"""{"type": "scripted", "queue_name": "{{work.Queue}}"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var answer = await pipeline.Host.Client.SendAsync(request, Place.Cancellation);
        using var view = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Place.Cancellation));

        await work.UntilFinishedAsync(view.RootElement.GetProperty("id").GetGuid());

        var attempt = Assert.Single(spans, span => span.OperationName == "execute scripted" && work.Queue.Equals(span.GetTagItem("millrace.queue_name")));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", attempt.TraceId.ToHexString());
        Assert.Single(attempt.Links);
    }
}
