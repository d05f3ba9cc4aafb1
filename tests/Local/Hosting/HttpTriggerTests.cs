using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Millrace.Tests.Local.Hosting;

public sealed class HttpTriggerTests
{
    // 4.1: route = {routePrefix}/{Route ?? functionName}; prefix default api; matching is case-insensitive.
    [Theory]
    [InlineData("/api/plain", "plain")]
    [InlineData("/API/PLAIN", "plain")]
    [InlineData("/api/things/7/parts/left", "7 left")]
    public async Task A_route_is_the_prefix_and_the_template_or_the_name(string path, string answer)
    {
        await using var host = await new TestHost().StartAsync(typeof(Web));
        Assert.Equal(answer, await host.Client.GetStringAsync(path, TestContext.Current.CancellationToken));
    }

    // 4.1: host.json extensions.http.routePrefix ("" removes it).
    [Fact]
    public async Task An_empty_prefix_is_no_prefix()
    {
        await using var host = await new TestHost { HostJson = """{ "version": "2.0", "extensions": { "http": { "routePrefix": "" } } }""" }.StartAsync(typeof(Web));
        Assert.Equal("plain", await host.Client.GetStringAsync("/plain", TestContext.Current.CancellationToken));
    }

    // 4.1: a method mismatch is a route mismatch: 404, not 405. No methods = all methods.
    [Theory]
    [InlineData("POST", "/api/plain", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/plain", HttpStatusCode.OK)]
    [InlineData("PATCH", "/api/anything", HttpStatusCode.OK)]
    [InlineData("GET", "/api/nothing", HttpStatusCode.NotFound)]
    public async Task A_wrong_method_is_not_found(string method, string path, HttpStatusCode status)
    {
        await using var host = await new TestHost().StartAsync(typeof(Web));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
    }

    // 4.1: exception in a function, nothing written: 500 with empty body; response started: the connection is aborted.
    [Fact]
    public async Task A_throw_is_an_empty_500()
    {
        await using var host = await new TestHost().StartAsync(typeof(Web));
        using var response = await host.Client.GetAsync("/api/throws", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => host.Client.GetStringAsync("/api/throwslate", TestContext.Current.CancellationToken));
    }

    // 3.3: conversion failure: the invocation fails (HTTP 500, not 400). A route constraint gives 404.
    [Theory]
    [InlineData("/api/numbers/five", HttpStatusCode.InternalServerError)]
    [InlineData("/api/numbers/5", HttpStatusCode.OK)]
    [InlineData("/api/ids/5", HttpStatusCode.NotFound)]
    public async Task A_route_value_that_does_not_parse_fails_the_call(string path, HttpStatusCode status)
    {
        await using var host = await new TestHost().StartAsync(typeof(Web));
        using var response = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
    }

    // 4.1: GET / = 200 HTML home page, or 204 with AzureWebJobsDisableHomepage=true.
    [Theory]
    [InlineData("false", HttpStatusCode.OK)]
    [InlineData("true", HttpStatusCode.NoContent)]
    public async Task The_root_is_a_home_page_that_can_be_switched_off(string disable, HttpStatusCode status)
    {
        await using var host = await new TestHost { Settings = { ["AzureWebJobsDisableHomepage"] = disable } }.StartAsync(typeof(Web));
        using var response = await host.Client.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
    }

    // 4.1: max request body 104,857,600 bytes (FUNCTIONS_REQUEST_BODY_SIZE_LIMIT).
    [Fact]
    public async Task A_body_over_the_limit_is_413()
    {
        await using var host = await new TestHost { Settings = { ["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] = "10" } }.StartAsync(typeof(Web));
        using var body = new StringContent("eleven bytes");
        using var response = await host.Client.PostAsync("/api/length", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    // 4.1: maxOutstandingRequests -1 by default; exceeding it is 429.
    [Fact]
    public async Task Above_the_request_limit_the_answer_is_429()
    {
        var gate = new Gate();
        await using var host = await new TestHost
        {
            HostJson = """{ "version": "2.0", "extensions": { "http": { "maxOutstandingRequests": 1 } } }""",
            Configure = (app, _) => gate.Register(app),
        }.StartAsync(typeof(GatedWeb));
        var first = host.Client.GetAsync("/api/gated", TestContext.Current.CancellationToken);
        await gate.EnteredAsync();
        using var second = await host.Client.GetAsync("/api/gated", TestContext.Current.CancellationToken);
        gate.Open();
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    // 3.2: TraceContext: the request's traceparent, else one of the invocation's own.
    [Fact]
    public async Task The_trace_is_the_callers_or_a_new_one()
    {
        const string sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var host = await new TestHost().StartAsync(typeof(Web));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/trace");
        request.Headers.TryAddWithoutValidation("traceparent", sent);
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = host.Host.BaseUrl };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(sent, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$", await client.GetStringAsync("/api/trace", TestContext.Current.CancellationToken));
    }

    // 3.2: TraceContext; with a listener, an invocation is an activity below the caller's.
    [Fact]
    public async Task With_a_listener_an_invocation_is_an_activity_of_the_callers_trace()
    {
        const string trace = "1af7651916cd43dd8448eb211c80319d";
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.Azure.Functions.Worker",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => _ = activity.TraceId.ToHexString() == trace && seen.TrySetResult(activity.DisplayName),
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await new TestHost().StartAsync(typeof(Web));
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = host.Host.BaseUrl };
        client.DefaultRequestHeaders.TryAddWithoutValidation("traceparent", $"00-{trace}-b7ad6b7169203331-01");
        await client.GetStringAsync("/api/plain", TestContext.Current.CancellationToken);
        Assert.Equal("function plain", await seen.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken));
    }

    public sealed class Web
    {
        [Function("plain")]
        public static IResult Plain([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Text("plain");

        [Function("anything")]
        public static Task<IResult> Anything([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => Task.FromResult(Results.Ok());

        [Function("things")]
        public static async ValueTask<IResult> Things(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{number}/parts/{side}")] HttpRequest request, int number, string side)
        {
            await Task.Yield();
            return Results.Text($"{number} {side}");
        }

        [Function("throws")]
        public static IResult Throws([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
            throw new InvalidOperationException("on purpose");

        [Function("throwslate")]
        public static async Task ThrowsLate([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellation)
        {
            await request.HttpContext.Response.WriteAsync("begun", cancellation);
            throw new InvalidOperationException("on purpose");
        }

        [Function("numbers")]
        public static IResult Numbers([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "numbers/{n}")] HttpRequest request, int n) =>
            Results.Ok(n);

        [Function("ids")]
        public static IResult Ids([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ids/{id:guid}")] HttpRequest request, Guid id) =>
            Results.Ok(id);

        [Function("length")]
        public static async Task<IResult> Length([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request)
        {
            using var reader = new StreamReader(request.Body);
            return Results.Ok((await reader.ReadToEndAsync()).Length);
        }

        [Function("trace")]
        public static IResult Trace([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context) =>
            Results.Text(context.TraceContext.TraceParent);
    }
}
