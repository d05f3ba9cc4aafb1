using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Millrace.Inspect;
using Millrace.Queues;
using Millrace.Redis;
using Millrace.Store;
using Millrace.Tests.Support;

namespace Millrace.Tests.Inspect;

public sealed class BackendInspectorTests
{
    private const string NoStorage =
        "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;QueueEndpoint=http://127.0.0.1:1/a;BlobEndpoint=http://127.0.0.1:1/a";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redis_that_is_not_wanted_is_no_fault()
    {
        await using var link = Link(null);

        var (status, body) = await Answers.ReadAsync(await Backends(link, NoStorage).RedisAsync(Cancellation));

        Assert.Equal((200, """{"status":"healthy","configured":false}"""), (status, body));
    }

    [Fact]
    public async Task Redis_answers_with_its_latency()
    {
        await using var link = Link(await TestServers.RedisAsync());
        await link.WhenCreatedAsync();

        var (status, body) = await Answers.ReadJsonAsync(await Backends(link, NoStorage).RedisAsync(Cancellation));

        Assert.Equal((200, true), (status, body.GetProperty("reachable").GetBoolean()));
        Assert.True(body.GetProperty("latency_ms").GetDouble() >= 0);
    }

    [Fact]
    public async Task Redis_that_is_away_is_said()
    {
        await using var link = Link("127.0.0.1:1");

        var (status, body) = await Answers.ReadAsync(await Backends(link, NoStorage).RedisAsync(Cancellation));

        Assert.Equal((503, """{"status":"unhealthy","configured":true,"reachable":false}"""), (status, body));
    }

    [Fact]
    public async Task Storage_answers_with_the_messages_of_each_queue()
    {
        await using var link = Link(null);
        var storage = await TestServers.NewStorageAccountAsync();
        var sender = new MessageSender(Options.Create(new StorageOptions { ConnectionString = storage }), new CostMeter(), TimeProvider.System);
        var backends = Backends(link, storage);
        var (status, body) = await Answers.ReadJsonAsync(await backends.StorageAsync(Cancellation));
        Assert.Equal(200, status);
        Assert.All(body.GetProperty("queues").EnumerateArray(), static queue => Assert.False(queue.GetProperty("exists").GetBoolean()));

        await sender.SendTicketAsync(new(1, "q", null), urgent: false, Cancellation);

        (_, body) = await Answers.ReadJsonAsync(await backends.StorageAsync(Cancellation));
        Assert.True(body.GetProperty("reachable").GetBoolean());
        var counts = body.GetProperty("queues").EnumerateArray()
            .ToDictionary(static queue => queue.GetProperty("name").GetString()!, static queue => queue.GetProperty("messages").GetInt64());
        Assert.Equal(QueueNames.All.Order(), counts.Keys.Order());
        Assert.Equal((1, 0), (counts[QueueNames.Tickets], counts[QueueNames.Wakes]));
    }

    [Fact]
    public async Task Storage_that_is_away_is_said_in_time()
    {
        await using var link = Link(null);

        var (status, body) = await Answers.ReadAsync(await Backends(link, NoStorage).StorageAsync(Cancellation));

        Assert.Equal((503, """{"status":"unhealthy","reachable":false}"""), (status, body));
    }

    private static RedisLink Link(string? connection) =>
        new(Options.Create(new RedisOptions { ConnectionString = connection }), NullLogger<RedisLink>.Instance);

    private static BackendInspector Backends(RedisLink link, string storage) => new(
        link, new MessageSender(Options.Create(new StorageOptions { ConnectionString = storage }), new CostMeter(), TimeProvider.System), new InspectOptions { HealthTimeoutSeconds = 1 }, TimeProvider.System);
}
