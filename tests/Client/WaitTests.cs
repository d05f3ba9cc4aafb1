using System.Net;
using Microsoft.Extensions.Time.Testing;
using Millrace.Client;

namespace Millrace.Tests.Client;

/// <summary>Waiting for a result: long polls until it is there or time is up.</summary>
public sealed class WaitTests
{
    private static readonly Guid Id = Guid.CreateVersion7();

    private readonly FakeTimeProvider clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_asks_again_until_the_task_has_ended()
    {
        var api = HeldBack(endsAfter: 3);

        var result = await api.Client(clock: clock).WaitAsync(Id, TimeSpan.FromMinutes(10), Cancellation);

        Assert.True(result.HasEnded);
        Assert.Equal(42, result.Result?.GetInt32());
        Assert.Equal(Enumerable.Repeat($"GET api/v1/tasks/{Id:D}/result?wait=30s", 3), api.All.Select(static asked => asked.Line));
    }

    [Fact]
    public async Task It_stops_when_time_is_up_and_asks_for_no_longer()
    {
        var api = HeldBack(endsAfter: int.MaxValue);

        var result = await api.Client(clock: clock).WaitAsync(Id, TimeSpan.FromSeconds(70), Cancellation);

        Assert.Equal((false, TaskStates.Running), (result.HasEnded, result.Status));
        Assert.Equal(["30s", "30s", "10s"], api.All.Select(static asked => asked.Path.Split('=')[1]));
    }

    [Fact]
    public async Task An_API_that_does_not_hold_back_is_asked_again_after_the_time_it_says()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var api = new StubApi(_ =>
        {
            asked.TrySetResult();
            return Running(TimeSpan.FromSeconds(3));
        });

        var waiting = api.Client(clock: clock).WaitAsync(Id, TimeSpan.FromSeconds(3), Cancellation);
        await asked.Task;
        Assert.False(waiting.IsCompleted);
        while (!waiting.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.False((await waiting).HasEnded);
        Assert.InRange(api.All.Count, 2, 4);
    }

    /// <summary>Holds each answer back for as long as was asked, by the fake clock.</summary>
    private StubApi HeldBack(int endsAfter)
    {
        var count = 0;
        return new StubApi(asked =>
        {
            if (++count == endsAfter)
            {
                return StubApi.Json(HttpStatusCode.OK, $$"""{"id": "{{Id:D}}", "status": "succeeded", "result": 42}""");
            }

            clock.Advance(TimeSpan.FromSeconds(int.Parse(asked.Path.Split('=')[1].TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture)));
            return Running(TimeSpan.FromSeconds(1));
        });
    }

    private static HttpResponseMessage Running(TimeSpan retryAfter)
    {
        var answer = StubApi.Json(HttpStatusCode.Accepted, $$"""{"id": "{{Id:D}}", "status": "running"}""");
        answer.Headers.RetryAfter = new(retryAfter);
        return answer;
    }
}
