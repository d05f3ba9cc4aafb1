using System.Net;
using System.Text.Json;
using Millrace.Tests.Support;

namespace Millrace.Tests.Api;

/// <summary>What stands around every HTTP function, over the wire.</summary>
public sealed class MiddlewareTests : IAsyncLifetime
{
    private Place place = null!;
    private PipelineHost host = null!;

    public async ValueTask InitializeAsync()
    {
        place = await Place.NewAsync();
        host = await PipelineHost.StartAsync(place, new Dictionary<string, string>
        {
            ["Millrace__Api__RequestsPerSecond"] = "0.01",
            ["Millrace__Api__Burst"] = "2",
        });
    }

    public async ValueTask DisposeAsync()
    {
        await (host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (place?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Theory]
    [InlineData("abc-123.X_y:/+=", true)]
    [InlineData("two words", false)]
    [InlineData("<b>", false)]
    [InlineData(null, false)]
    public async Task Every_answer_names_its_request(string? sent, bool isKept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "health");
        if (sent is not null)
        {
            request.Headers.TryAddWithoutValidation("x-request-id", sent);
        }

        using var answer = await host.Client.SendAsync(request, Place.Cancellation);
        var id = Assert.Single(answer.Headers.GetValues("x-request-id"));
        Assert.Equal(isKept, id == sent);
        Assert.True(isKept || Guid.Parse(id).Version == 7);
    }

    [Fact]
    public async Task A_key_that_asks_too_much_is_answered_429_and_health_goes_on()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("metrics"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("api/v1/tasks"));
        using var refused = await AskAsync("metrics", "a");
        var problem = JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync(Place.Cancellation));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("urn:millrace:problem:too-many-requests", problem.GetProperty("type").GetString());
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 100);
        Assert.Single(refused.Headers.GetValues("x-request-id"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("metrics", key: "b"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("health"));
    }

    private async Task<HttpStatusCode> StatusAsync(string url, string key = "a")
    {
        using var answer = await AskAsync(url, key);
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> AskAsync(string url, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("x-functions-key", key);
        return host.Client.SendAsync(request, Place.Cancellation);
    }
}
