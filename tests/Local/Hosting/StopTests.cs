using System.Net;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Time.Testing;
using Millrace.Tests.Support;

namespace Millrace.Tests.Local.Hosting;

public sealed class StopTests(AzuriteFixture azurite)
{
    // 4.5: stop without drain mode: polling stops, function tokens are cancelled, in-flight work is awaited;
    // 4.3: completion ignores shutdown tokens: the failed message is released.
    [Fact]
    public async Task A_stop_cancels_work_in_flight_and_gives_its_message_back()
    {
        await using var app = await new QueueApp(azurite).StartAsync(typeof(QueueTriggerTests.Waits));
        await app.SendAsync("stopped");
        await app.Gate.EnteredAsync();
        await app.Host.Host.StopAsync();
        Assert.Equal(0, app.Host.Host.OutstandingInvocations);
        var message = await QueueApp.ReceiveAsync(app.Queue);
        Assert.Equal(2, message.DequeueCount);
    }

    // 4.5: drain mode (FUNCTIONS_ENABLE_DRAIN_ON_APP_STOPPING or KUBERNETES_SERVICE_HOST): tokens are not cancelled;
    // 4.3: work that was done is deleted although the host is stopping.
    [Theory]
    [InlineData("FUNCTIONS_ENABLE_DRAIN_ON_APP_STOPPING", "true")]
    [InlineData("KUBERNETES_SERVICE_HOST", "10.0.0.1")]
    public async Task In_drain_mode_work_in_flight_runs_to_its_end(string setting, string value)
    {
        await using var app = new QueueApp(azurite) { Host = { Settings = { [setting] = value } } };
        await app.StartAsync(typeof(QueueTriggerTests.Waits));
        await app.SendAsync("drained");
        await app.Gate.EnteredAsync();
        var stopping = app.Host.Host.StopAsync();
        Assert.False(stopping.IsCompleted);
        app.Gate.Open();
        await stopping;
        await app.WaitUntilEmptyAsync();
    }

    [Fact]
    public async Task A_stop_lets_a_request_in_flight_answer()
    {
        var gate = new Gate();
        await using var host = await new TestHost { Configure = (app, _) => gate.Register(app) }.StartAsync(typeof(GatedWeb));
        var answer = host.Client.GetStringAsync("/api/gated", TestContext.Current.CancellationToken);
        await gate.EnteredAsync();
        await host.Host.StopAsync();
        Assert.Equal("cancelled", await answer);
    }

    // 4.5: functionTimeout: the token is cancelled, the invocation fails after a 2 s grace; locally no restart.
    [Fact]
    public async Task A_function_that_overruns_is_cancelled_and_fails()
    {
        var (gate, time) = (new Gate(), new FakeTimeProvider());
        await using var host = await new TestHost
        {
            Time = time,
            HostJson = """{ "version": "2.0", "functionTimeout": "00:01:00" }""",
            Configure = (app, _) => gate.Register(app),
        }.StartAsync(typeof(GatedWeb));
        var response = host.Client.GetAsync("/api/gated", TestContext.Current.CancellationToken);
        Assert.Equal("entered", await gate.EnteredAsync());
        Assert.Equal(HttpStatusCode.InternalServerError, (await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), response)).StatusCode);
        Assert.Equal("cancelled", await gate.EnteredAsync());
    }

    // 4.5: on expiry the queue message is released; a function that does not listen is left behind.
    [Fact]
    public async Task An_overrunning_functions_message_is_released()
    {
        var app = new QueueApp(azurite);
        await app.Queue.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var started = app;
        app.Host.Settings["AzureFunctionsJobHost__functionTimeout"] = "00:00:01";
        await app.StartAsync(typeof(Deaf));
        await app.SendAsync("deaf");
        Assert.Equal("1", await app.Gate.EnteredAsync());
        Assert.Equal("2", await app.Gate.EnteredAsync());
    }

    public sealed class Deaf(Gate gate)
    {
        [Function("deaf")]
        public Task Run([QueueTrigger("%QueueName%")] QueueMessage message) =>
            gate.PassAsync(message.DequeueCount.ToString(System.Globalization.CultureInfo.InvariantCulture), CancellationToken.None);
    }
}
