using System.Net;
using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Time.Testing;
using Millrace.Tests.Support;

namespace Millrace.Tests.Local.Hosting;

public sealed class QueueTriggerTests(AzuriteFixture azurite)
{
    // 3.4: string (UTF-8 body), byte[], POCO (case-insensitive), BinaryData, QueueMessage.
    [Theory]
    [InlineData(typeof(TakesText))]
    [InlineData(typeof(TakesBytes))]
    [InlineData(typeof(TakesObject))]
    [InlineData(typeof(TakesBinary))]
    [InlineData(typeof(TakesMessage))]
    public async Task A_message_arrives_in_the_shape_the_parameter_asks_for(Type function)
    {
        await using var app = await new QueueApp(azurite).StartAsync(function);
        await app.SendAsync("""{"WORD":"grüße"}""");
        Assert.Equal("""{"WORD":"grüße"}""", await app.Gate.EnteredAsync());
        await app.WaitUntilEmptyAsync();
    }

    // 3.4: BindingData keys QueueTrigger, DequeueCount, ExpirationTime, Id, InsertionTime, NextVisibleTime, PopReceipt.
    [Fact]
    public async Task The_binding_data_carries_the_messages_metadata()
    {
        await using var app = await new QueueApp(azurite).StartAsync(typeof(TakesMetadata));
        await app.SendAsync("text");
        Assert.Equal(
            "DequeueCount ExpirationTime Id InsertionTime NextVisibleTime PopReceipt QueueTrigger, text, 1", await app.Gate.EnteredAsync());
    }

    // 4.3: failure -> DequeueCount >= maxDequeueCount ? poison : UpdateMessage(visibilityTimeout). Poison: same body, new id.
    [Fact]
    public async Task A_message_that_fails_too_often_moves_to_the_poison_queue()
    {
        await using var app = await new QueueApp(azurite).StartAsync(typeof(Fails));
        var sent = await app.Queue.SendMessageAsync("bad", TestContext.Current.CancellationToken);
        Assert.Equal("call 1", await app.Gate.EnteredAsync());
        Assert.Equal("call 2", await app.Gate.EnteredAsync());
        var poisoned = await QueueApp.ReceiveAsync(app.Poison);
        Assert.Equal(Convert.ToBase64String("bad"u8), poisoned.MessageText);
        Assert.NotEqual(sent.Value.MessageId, poisoned.MessageId);
        await app.WaitUntilEmptyAsync();
        Assert.False(app.Gate.HasReported);
    }

    // 4.3: DequeueCount > maxDequeueCount -> poison without invoking (checked BEFORE the call).
    [Fact]
    public async Task A_message_delivered_too_often_is_not_tried_again()
    {
        var app = new QueueApp(azurite);
        await app.Queue.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
        await app.SendAsync("crashed twice");
        for (var delivery = 1; delivery <= 2; delivery++)
        {
            var message = await QueueApp.ReceiveAsync(app.Queue);
            await app.Queue.UpdateMessageAsync(
                message.MessageId, message.PopReceipt, visibilityTimeout: TimeSpan.Zero, cancellationToken: TestContext.Current.CancellationToken);
        }

        await using var started = await app.StartAsync(typeof(TakesText));
        Assert.Equal(Convert.ToBase64String("crashed twice"u8), (await QueueApp.ReceiveAsync(app.Poison)).MessageText);
        Assert.False(app.Gate.HasReported);
    }

    // 4.3: undecodable message (not base64 while encoding is base64): moved to poison at once, function not called.
    [Fact]
    public async Task A_message_that_is_not_base64_is_poison_at_once()
    {
        await using var app = await new QueueApp(azurite).StartAsync(typeof(TakesText));
        await azurite.RawQueue(app.Name).SendMessageAsync("{plain}", TestContext.Current.CancellationToken);
        Assert.Equal("{plain}", (await QueueApp.ReceiveAsync(app.Poison)).MessageText);
        Assert.False(app.Gate.HasReported);
    }

    // 4.2: messageEncoding base64 or none.
    [Fact]
    public async Task With_encoding_none_the_text_is_the_message()
    {
        await using var app = await new QueueApp(azurite).StartAsync(typeof(TakesText), """, "messageEncoding": "none" """);
        await azurite.RawQueue(app.Name).SendMessageAsync("{plain}", TestContext.Current.CancellationToken);
        Assert.Equal("{plain}", await app.Gate.EnteredAsync());
    }

    // 4.3: the trigger queue is NOT created; missing -> backoff.
    [Fact]
    public async Task A_missing_queue_is_awaited_and_not_created()
    {
        await using var app = await new QueueApp(azurite).StartAsync(typeof(TakesText), createQueue: false);
        Assert.False(await app.Queue.ExistsAsync(TestContext.Current.CancellationToken));
        await app.Queue.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
        await app.SendAsync("late");
        Assert.Equal("late", await app.Gate.EnteredAsync());
    }

    // 4.2: strict one-at-a-time: batchSize 1 and newBatchThreshold 0.
    [Fact]
    public async Task Batch_size_one_and_threshold_zero_run_one_message_at_a_time()
    {
        await using var app = await new QueueApp(azurite).StartAsync(
            typeof(Waits), """, "batchSize": 1, "newBatchThreshold": 0 """);
        await app.SendAsync("first");
        await app.SendAsync("second");
        Assert.Equal("first", await app.Gate.EnteredAsync());
        Assert.Equal(1, app.Host.Host.OutstandingInvocations);
        app.Gate.Open();
        Assert.Equal("second", await app.Gate.EnteredAsync());
    }

    // 4.3: every 5 min UpdateMessage(visibility 10 min), new pop receipt kept; the delete uses it.
    [Fact]
    public async Task A_long_run_renews_its_lease_and_completes_with_the_new_receipt()
    {
        var time = new FakeTimeProvider();
        var app = new QueueApp(azurite) { Host = { Time = time } };
        await app.Queue.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
        await app.SendAsync("long");
        await using var started = await app.StartAsync(typeof(Waits));
        Assert.Equal("long", await app.Gate.EnteredAsync());
        var renewed = RenewedAsync(app.Host.Log);
        await time.AdvanceUntilAsync(TimeSpan.FromMinutes(1), renewed);
        app.Gate.Open();
        await app.WaitUntilEmptyAsync();

        static async Task<bool> RenewedAsync(LogProbe log)
        {
            await log.WaitForAsync(9221);
            return true;
        }
    }

    // 4.3: a function on the poison queue: MaxDequeueCount no longer applies to it.
    [Fact]
    public async Task A_poison_queues_function_is_called_however_often_it_fails()
    {
        await using var app = await new QueueApp(azurite) { Name = AzuriteFixture.UniqueName("bad")[..30].TrimEnd('-') + "-poison" }.StartAsync(typeof(Fails));
        await app.SendAsync("again");
        for (var call = 1; call <= 4; call++)
        {
            Assert.Equal($"call {call}", await app.Gate.EnteredAsync());
        }
    }

    // 3.4: queue output through the host: string[] = one message each; creates the queue if missing.
    [Fact]
    public async Task What_a_function_returns_goes_to_its_output_queue()
    {
        await using var app = await new QueueApp(azurite).StartAsync(typeof(Forwards));
        await app.SendAsync("a b");
        var output = azurite.Queue(app.Name + "-out");
        var texts = new[] { (await QueueApp.ReceiveAsync(output)).MessageText, (await QueueApp.ReceiveAsync(output)).MessageText };
        Assert.Equal(["a", "b"], texts.Order(StringComparer.Ordinal));
    }

    // 4.3 says the host shuts down on other storage errors; the local host survives them with back-off and a line.
    [Fact]
    public async Task A_storage_outage_is_said_once_and_survived()
    {
        var dead = azurite.ConnectionString.Replace(new Uri(azurite.Queue("any").Uri.ToString()).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "1", StringComparison.Ordinal);
        await using var host = new TestHost { Settings = { ["AzureWebJobsStorage"] = dead, ["QueueName"] = "any-queue" } };
        var gate = new Gate();
        host.Configure = (app, _) => gate.Register(app);
        await host.StartAsync(typeof(TakesText));
        await host.Log.WaitForAsync(9201);
        using var response = await host.Client.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    public sealed class TakesText(Gate gate)
    {
        [Function("text")]
        public void Run([QueueTrigger("%QueueName%")] string message) => gate.Report(message);
    }

    public sealed class TakesBytes(Gate gate)
    {
        [Function("bytes")]
        public void Run([QueueTrigger("%QueueName%")] byte[] message) => gate.Report(System.Text.Encoding.UTF8.GetString(message));
    }

    public sealed class TakesObject(Gate gate)
    {
        [Function("object")]
        public void Run([QueueTrigger("%QueueName%")] Greeting message) => gate.Report($$"""{"WORD":"{{message.Word}}"}""");
    }

    public sealed class TakesBinary(Gate gate)
    {
        [Function("binary")]
        public Task Run([QueueTrigger("%QueueName%")] BinaryData message)
        {
            gate.Report(message.ToString());
            return Task.CompletedTask;
        }
    }

    public sealed class TakesMessage(Gate gate)
    {
        [Function("message")]
        public ValueTask Run([QueueTrigger("%QueueName%")] QueueMessage message)
        {
            gate.Report(message.MessageText);
            return ValueTask.CompletedTask;
        }
    }

    public sealed class TakesMetadata(Gate gate)
    {
        [Function("metadata")]
        public void Run([QueueTrigger("%QueueName%")] string message, FunctionContext context, int dequeueCount) => gate.Report(
            $"{string.Join(' ', context.BindingContext.BindingData.Keys.Order(StringComparer.Ordinal))}, {context.BindingContext.BindingData["QueueTrigger"]}, {dequeueCount}");
    }

    public sealed class Fails(Gate gate)
    {
        [Function("fails")]
        public void Run([QueueTrigger("%QueueName%")] string message, long dequeueCount)
        {
            gate.Report($"call {dequeueCount}");
            throw new InvalidOperationException("on purpose");
        }
    }

    public sealed class Waits(Gate gate)
    {
        [Function("waits")]
        public Task Run([QueueTrigger("%QueueName%")] string message, CancellationToken cancellation) => gate.PassAsync(message, cancellation);
    }

    public sealed class Forwards
    {
        [Function("forwards")]
        [QueueOutput("%OutputName%")]
        public static string[] Run([QueueTrigger("%QueueName%")] string message) => message.Split(' ');
    }

    public sealed record Greeting(string Word);
}
