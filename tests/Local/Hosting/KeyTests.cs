using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Millrace.Local.Hosting;
using Millrace.Local.Hosting.Keys;

namespace Millrace.Tests.Local.Hosting;

public sealed class KeyTests
{
    private static readonly FunctionKeys Keys = new()
    {
        Master = "master",
        Host = new Dictionary<string, string> { ["default"] = "host" },
        System = new Dictionary<string, string> { ["any"] = "system" },
        Functions = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["guarded"] = new Dictionary<string, string> { ["default"] = "own" },
        },
    };

    // 4.1: required level must match exactly, or be Admin: a System key does not open a Function endpoint.
    [Theory]
    [InlineData("guarded", "master", HttpStatusCode.OK)]
    [InlineData("guarded", "host", HttpStatusCode.OK)]
    [InlineData("guarded", "own", HttpStatusCode.OK)]
    [InlineData("guarded", "system", HttpStatusCode.Unauthorized)]
    [InlineData("guarded", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("other", "own", HttpStatusCode.Unauthorized)]
    [InlineData("onlyadmin", "host", HttpStatusCode.Unauthorized)]
    [InlineData("onlyadmin", "master", HttpStatusCode.OK)]
    [InlineData("systemonly", "system", HttpStatusCode.OK)]
    [InlineData("systemonly", "host", HttpStatusCode.Unauthorized)]
    [InlineData("open", "wrong", HttpStatusCode.OK)]
    public async Task A_key_opens_its_own_level_and_the_master_key_opens_all(string function, string key, HttpStatusCode status)
    {
        await using var host = await Host().StartAsync(typeof(Guarded));
        Assert.Equal(status, (await GetAsync(host, $"/api/{function}", key)).StatusCode);
        Assert.Equal(status, (await GetAsync(host, $"/api/{function}?code={key}", null)).StatusCode);
    }

    // 3.1: [HttpTrigger("get")]: the real host applies its own default, Function.
    [Fact]
    public async Task Without_a_level_the_level_is_function()
    {
        await using var host = await Host().StartAsync(typeof(Guarded));
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(host, "/api/unsaid", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(host, "/api/unsaid", "host")).StatusCode);
    }

    // 4.1: header x-functions-key if present (even if empty), else query ?code=. Failure: 401, empty body.
    [Fact]
    public async Task An_empty_header_hides_the_query_and_the_refusal_has_no_body()
    {
        await using var host = await Host().StartAsync(typeof(Guarded));
        var refused = await GetAsync(host, "/api/guarded?code=host", string.Empty);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Empty(await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    // 4.1: order: 401 first, then 404 if the function is disabled (unless Admin).
    [Theory]
    [InlineData("AzureWebJobs.guarded.Disabled", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("AzureWebJobs.guarded.Disabled", "host", HttpStatusCode.NotFound)]
    [InlineData("AzureWebJobs_guarded_Disabled", "host", HttpStatusCode.NotFound)]
    [InlineData("AzureWebJobs_guarded_Disabled", "master", HttpStatusCode.OK)]
    public async Task A_disabled_function_is_not_found_by_those_with_a_key(string setting, string key, HttpStatusCode status)
    {
        var host = Host();
        host.Settings[setting] = "true";
        await using var started = await host.StartAsync(typeof(Guarded));
        Assert.Equal(status, (await GetAsync(host, "/api/guarded", key)).StatusCode);
    }

    // 1.4: auth is off under func start unless --enableAuth.
    [Fact]
    public async Task On_loopback_keys_are_not_asked_for()
    {
        await using var host = await new TestHost().StartAsync(typeof(Guarded));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(host, "/api/onlyadmin", null)).StatusCode);
    }

    // 1.4: Host = LocalHttpPort, LocalHttpAddress.
    [Fact]
    public async Task An_address_of_the_settings_file_beyond_loopback_asks_for_keys_too()
    {
        await using var host = await new TestHost
        {
            LocalSettings = """{ "IsEncrypted": false, "Host": { "LocalHttpAddress": "0.0.0.0" } }""",
            Change = static options => options with { Keys = Keys },
        }.StartAsync(typeof(Guarded));
        Assert.Equal("0.0.0.0", host.Host.BaseUrl!.Host);
        using var client = new HttpClient { BaseAddress = new UriBuilder(host.Host.BaseUrl!) { Host = "127.0.0.1" }.Uri };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/guarded", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused()
    {
        await using var host = new TestHost { LocalSettings = """{ "IsEncrypted": false, "Host": { "LocalHttpAddress": "everywhere" } }""" };
        Assert.Contains("LocalHttpAddress \"everywhere\"", Assert.Single(await host.FaultsAsync()), StringComparison.Ordinal);
    }

    // Local rule: beyond loopback keys are always asked for.
    [Fact]
    public async Task Beyond_loopback_keys_are_always_asked_for()
    {
        await using var host = await new TestHost { Change = options => options with { Address = IPAddress.Any, Keys = Keys } }.StartAsync(typeof(Guarded));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.Host.BaseUrl!.Port}") };
        using var response = await client.GetAsync("/api/onlyadmin", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public void Keys_are_made_once_and_only_their_owner_may_read_them()
    {
        var directory = Directory.CreateTempSubdirectory("millrace-keys-").FullName;
        var first = new KeyStore(directory).Load(new FunctionKeys(), ["One"]);
        var second = new KeyStore(directory).Load(new FunctionKeys(), ["one", "Two"]);
        Assert.True(first.Master is { Length: > 40 });
        Assert.Equal(first.Master, second.Master);
        Assert.Equal(first.Functions["One"]["default"], second.Functions.First(function => function.Key == "One").Value["default"]);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(directory, "keys.json")));
        }

        Directory.Delete(directory, recursive: true);
    }

    private static TestHost Host() => new() { Change = options => options with { EnableAuth = true, Keys = Keys } };

    private static async Task<HttpResponseMessage> GetAsync(TestHost host, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("x-functions-key", key);
        }

        return await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public sealed class Guarded
    {
        [Function("guarded")]
        public static IResult Function([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => Results.Ok();

        [Function("other")]
        public static IResult Other([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => Results.Ok();

        [Function("onlyadmin")]
        public static IResult Admin([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => Results.Ok();

        [Function("systemonly")]
        public static IResult System([HttpTrigger(AuthorizationLevel.System, "get")] HttpRequest request) => Results.Ok();

        [Function("open")]
        public static IResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Ok();

        [Function("unsaid")]
        public static IResult Unsaid([HttpTrigger("get")] HttpRequest request) => Results.Ok();
    }
}
