using Azure.Storage.Queues;
using Npgsql;
using StackExchange.Redis;

namespace Millrace.Tests.Local.Services;

public sealed class AnsweringTests(RunningServers running) : IClassFixture<RunningServers>
{
    [Fact]
    public async Task PostgreSQL_18_answers_with_statistics_of_statements_and_sorts_by_code_point()
    {
        await using var source = NpgsqlDataSource.Create(running.Servers.PostgresConnectionString!);

        Assert.StartsWith("18.", await ScalarAsync(source, "SHOW server_version"), StringComparison.Ordinal);
        Assert.Equal("millrace", await ScalarAsync(source, "SELECT current_database()::text"));
        Assert.Equal("UTF8", await ScalarAsync(source, "SHOW server_encoding"));
        Assert.Equal("pg_stat_statements", await ScalarAsync(source, "SHOW shared_preload_libraries"));
        Assert.Equal("B a ä", await ScalarAsync(source, "SELECT string_agg(x, ' ' ORDER BY x) FROM unnest(ARRAY['ä', 'a', 'B']) AS x"));
        await ScalarAsync(source, "CREATE EXTENSION pg_stat_statements");
    }

    [Fact]
    public async Task PostgreSQL_takes_the_extra_settings_and_leaves_the_others_at_their_defaults()
    {
        await using var source = NpgsqlDataSource.Create(running.Servers.PostgresConnectionString!);

        Assert.Equal("off", await ScalarAsync(source, "SHOW fsync"));
        Assert.Equal("on", await ScalarAsync(source, "SHOW synchronous_commit"));
        Assert.Equal("on", await ScalarAsync(source, "SHOW full_page_writes"));
    }

    [Fact]
    public async Task A_queue_carries_a_message()
    {
        var queue = new QueueClient(running.Servers.StorageConnectionString, "answers");
        await queue.CreateAsync(cancellationToken: Bench.Cancellation);
        await queue.SendMessageAsync("hello", Bench.Cancellation);

        var message = await queue.ReceiveMessageAsync(cancellationToken: Bench.Cancellation);

        Assert.Equal("hello", message.Value.MessageText);
    }

    [Fact]
    public async Task The_blob_service_answers_at_its_endpoint()
    {
        const string key = "BlobEndpoint=";
        var endpoint = running.Servers.StorageConnectionString!.Split(';').Single(part => part.StartsWith(key, StringComparison.Ordinal));
        using var client = new HttpClient();

        using var answer = await client.GetAsync(new Uri(endpoint[key.Length..] + "?comp=list"), Bench.Cancellation);

        Assert.Contains("Azurite-Blob", answer.Headers.Server.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_runs_scripts_whole_while_many_run_at_once()
    {
        const string script = "local n = tonumber(redis.call('GET', KEYS[1]) or '0'); redis.call('SET', KEYS[1], n + ARGV[1]); return n";
        await using var redis = await ConnectionMultiplexer.ConnectAsync(running.Servers.RedisConnectionString!);
        await using var other = await ConnectionMultiplexer.ConnectAsync(running.Servers.RedisConnectionString!);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(
            number => (number % 2 == 0 ? redis : other).GetDatabase().ScriptEvaluateAsync(script, ["count"], [1])));

        Assert.Equal(200, (int)await redis.GetDatabase().StringGetAsync("count"));
    }

    [Fact]
    public async Task Redis_delivers_what_is_published()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(running.Servers.RedisConnectionString!);
        var heard = new TaskCompletionSource<string>();
        var channel = RedisChannel.Literal("news");
        await redis.GetSubscriber().SubscribeAsync(channel, (_, value) => heard.TrySetResult(value.ToString()));

        await redis.GetSubscriber().PublishAsync(channel, "hello");

        Assert.Equal("hello", await heard.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Bench.Cancellation));
    }

    private static async Task<string?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Bench.Cancellation) as string;
    }
}
