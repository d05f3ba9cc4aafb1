using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using Millrace.Api;
using Millrace.Api.Answers;
using Millrace.Api.RateLimit;
using Millrace.Local.Services;
using Millrace.Redis;
using Millrace.Tests.Support;

namespace Millrace.Tests.Api;

public sealed class RequestBudgetTests
{
    [Fact]
    public async Task Who_asks_too_much_is_refused_until_the_next_token_has_come()
    {
        var clock = new FakeTimeProvider();
        var budget = Budget(clock, rate: 0.5, burst: 2);

        Assert.Null(await budget.RefuseAsync(Request("a")));
        Assert.Null(await budget.RefuseAsync(Request("a")));
        var refusal = Assert.IsType<JsonAnswer<Problem>>(await budget.RefuseAsync(Request("a")));
        Assert.Equal((429, "urn:millrace:problem:too-many-requests"), (refusal.Status, refusal.Value.Type));
        Assert.Equal(TimeSpan.FromSeconds(2), refusal.RetryAfter);
        Assert.Null(await budget.RefuseAsync(Request("b")));

        clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(TimeSpan.FromSeconds(0.1), (await budget.RefuseAsync(Request("a")))!.RetryAfter);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(await budget.RefuseAsync(Request("a")));
        Assert.NotNull(await budget.RefuseAsync(Request("a")));

        clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(await budget.RefuseAsync(Request("a")));
        Assert.Null(await budget.RefuseAsync(Request("a")));
        Assert.NotNull(await budget.RefuseAsync(Request("a")));
    }

    [Theory]
    [InlineData(0.2, 0, 1)]
    [InlineData(2.5, 0, 3)]
    [InlineData(1, 7, 7)]
    public async Task A_burst_that_is_not_set_is_what_a_second_allows(double rate, int burst, int allowed)
    {
        var budget = Budget(new FakeTimeProvider(), rate, burst);
        for (var i = 0; i < allowed; i++)
        {
            Assert.Null(await budget.RefuseAsync(Request("a")));
        }

        Assert.NotNull(await budget.RefuseAsync(Request("a")));
    }

    [Fact]
    public void Callers_are_told_apart_by_key_and_without_one_by_address()
    {
        Assert.Equal(RequestBudget.Caller(Request("a")), RequestBudget.Caller(Request(null, query: "?code=a")));
        Assert.NotEqual(RequestBudget.Caller(Request("a")), RequestBudget.Caller(Request("b")));
        Assert.NotEqual(RequestBudget.Caller(Request("a", query: "?code=b")), RequestBudget.Caller(Request("b")));
        Assert.Equal(RequestBudget.Caller(Request("a")), RequestBudget.Caller(Request(null, query: "?code=a&code=made-up")));
        Assert.Equal(RequestBudget.Caller(Request("a")), RequestBudget.Caller(Request(new StringValues(["a", "made-up"]))));
        Assert.Equal(
            RequestBudget.Caller(Request(null, forwarded: "6.6.6.6, 10.0.0.1:5000")),
            RequestBudget.Caller(Request(null, forwarded: "7.7.7.7, 10.0.0.1:6000")));
        Assert.NotEqual(RequestBudget.Caller(Request(null, forwarded: "10.0.0.1")), RequestBudget.Caller(Request(null, forwarded: "10.0.0.2")));
        Assert.DoesNotContain("secret", RequestBudget.Caller(Request("secret")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_instances_share_one_budget_and_go_on_alone_when_Redis_dies()
    {
        await using var servers = await OwnServers.StartAsync("budget", ServerKind.Redis);
        await using var oneLink = await LinkAsync(servers.Set.RedisConnectionString!);
        await using var otherLink = await LinkAsync(servers.Set.RedisConnectionString!);

        // A clock that stands still: a slow machine is not taken for a slow Redis, which has its own time.
        var one = Budget(new FakeTimeProvider(), rate: 0.01, burst: 3, oneLink);
        var other = Budget(new FakeTimeProvider(), rate: 0.01, burst: 3, otherLink);

        Assert.Null(await one.RefuseAsync(Request("a")));
        Assert.Null(await other.RefuseAsync(Request("a")));
        Assert.Null(await one.RefuseAsync(Request("a")));
        var refusal = Assert.IsType<JsonAnswer<Problem>>(await other.RefuseAsync(Request("a")));
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(100));
        Assert.NotNull(await one.RefuseAsync(Request("a")));
        Assert.Null(await one.RefuseAsync(Request("b")));

        await servers.Set.KillAsync(ServerKind.Redis, Place.Cancellation);
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await one.RefuseAsync(Request("a")));
        }

        Assert.NotNull(await one.RefuseAsync(Request("a")));
    }

    [Fact]
    public async Task A_bucket_in_Redis_fills_by_time_and_is_forgotten_when_it_is_full()
    {
        await using var servers = await OwnServers.StartAsync("bucket", ServerKind.Redis);
        await using var link = await LinkAsync(servers.Set.RedisConnectionString!);
        var bucket = new RedisTokenBucket(link, new FakeTimeProvider());
        var slow = new TokenRate(TimeSpan.FromHours(1), 1);
        var fast = new TokenRate(TimeSpan.FromMicroseconds(1), 1);

        Assert.Equal(TimeSpan.Zero, await bucket.TakeAsync("a", slow));
        var wait = Assert.NotNull(await bucket.TakeAsync("a", slow));
        Assert.InRange(wait, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1));
        var life = Assert.NotNull(await link.Current!.GetDatabase().KeyTimeToLiveAsync(RedisKeys.Budget("a")));
        Assert.InRange(life, TimeSpan.FromMinutes(50), TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(2));

        Assert.Equal(TimeSpan.Zero, await bucket.TakeAsync("b", fast));
        Assert.Equal(TimeSpan.Zero, await bucket.TakeAsync("b", fast));
    }

    private static RequestBudget Budget(TimeProvider clock, double rate, int burst, RedisLink? link = null)
    {
        link ??= new RedisLink(Options.Create(new RedisOptions()), NullLogger<RedisLink>.Instance);
        return new(Options.Create(new ApiOptions { RequestsPerSecond = rate, Burst = burst }), new RedisTokenBucket(link, clock), clock);
    }

    private static async Task<RedisLink> LinkAsync(string connection)
    {
        var link = new RedisLink(Options.Create(new RedisOptions { ConnectionString = connection }), NullLogger<RedisLink>.Instance);
        await link.WhenCreatedAsync();
        return link;
    }

    private static DefaultHttpContext Request(StringValues? key, string query = "", string? forwarded = null)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        if (key is not null)
        {
            context.Request.Headers["x-functions-key"] = key.Value;
        }

        context.Request.Headers["X-Forwarded-For"] = forwarded;
        return context;
    }
}
