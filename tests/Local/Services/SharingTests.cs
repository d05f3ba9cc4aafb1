using Millrace.Local.Services;
using StackExchange.Redis;

namespace Millrace.Tests.Local.Services;

[Collection("Servers of their own")]
public sealed class SharingTests
{
    [Fact]
    public async Task A_second_host_shares_the_servers_and_the_first_leaving_does_not_stop_them()
    {
        using var bench = new Bench();
        var first = await bench.StartAsync(ServerKind.Redis);
        var second = await bench.StartAsync(ServerKind.Redis);
        Assert.Equal(first.RedisConnectionString, second.RedisConnectionString);
        Assert.Contains(bench.Lines, line => line.StartsWith("Garnet is running already", StringComparison.Ordinal));

        await first.DisposeAsync();
        await PingAsync(second);

        await second.DisposeAsync();
        await Assert.ThrowsAsync<RedisConnectionException>(() => PingAsync(second));
    }

    [Fact]
    public async Task A_second_host_starts_what_the_first_did_not_want_and_the_last_one_stops_it_all()
    {
        using var bench = new Bench();
        var first = await bench.StartAsync(ServerKind.Redis);
        var second = await bench.StartAsync(ServerKind.Postgres);
        Assert.NotEmpty(bench.Running());

        await second.DisposeAsync();
        Assert.NotEmpty(bench.Running());

        await first.DisposeAsync();
        Assert.Empty(bench.Running());
    }

    [Fact]
    public async Task Two_hosts_that_start_at_once_start_one_PostgreSQL()
    {
        using var bench = new Bench();

        var hosts = await Task.WhenAll(bench.StartAsync(ServerKind.Postgres), bench.StartAsync(ServerKind.Postgres));

        Assert.Equal(hosts[0].PostgresConnectionString, hosts[1].PostgresConnectionString);
        Assert.Single(bench.Lines, line => line.StartsWith("PostgreSQL answers on port", StringComparison.Ordinal));
        await hosts[0].DisposeAsync();
        await hosts[1].DisposeAsync();
        Assert.Empty(bench.Running());
    }

    [Fact]
    public async Task The_servers_of_a_killed_host_are_taken_over()
    {
        using var bench = new Bench();
        var killed = await bench.StartAsync(ServerKind.Redis);
        foreach (var registration in Directory.GetFiles(Path.Combine(bench.Data, "hosts")))
        {
            await File.WriteAllTextAsync(registration, "4194304 never", Bench.Cancellation);
        }

        var next = await bench.StartAsync(ServerKind.Redis);
        Assert.Equal(killed.RedisConnectionString, next.RedisConnectionString);
        await PingAsync(next);

        await next.DisposeAsync();
        await Assert.ThrowsAsync<RedisConnectionException>(() => PingAsync(next));
        Assert.Empty(Directory.GetFiles(Path.Combine(bench.Data, "hosts")));
    }

    [Fact]
    public async Task Reset_is_refused_while_another_host_uses_the_directory()
    {
        using var bench = new Bench();
        await using var first = await bench.StartAsync(ServerKind.Redis);

        var failure = await Assert.ThrowsAsync<ServerException>(
            () => Bench.StartAsync(bench.Options(ServerKind.Redis) with { Reset = true }));

        Assert.Contains("Stop that host, then reset again.", failure.Message, StringComparison.Ordinal);
        await PingAsync(first);
    }

    private static async Task PingAsync(ServerSet servers)
    {
        var address = $"{servers.RedisConnectionString},connectTimeout=2000,connectRetry=1";
        await using var redis = await ConnectionMultiplexer.ConnectAsync(address);
        await redis.GetDatabase().PingAsync();
    }
}
