using System.Net;
using System.Text.Json;
using Millrace.Handlers;
using Millrace.Lifecycle;
using Millrace.Tests.Support;
using Moq;
using Moq.Protected;

namespace Millrace.Tests.Handlers;

public sealed class HttpRequestHandlerTests
{
    private readonly Mock<HttpMessageHandler> network = new(MockBehavior.Strict);

    [Fact]
    public async Task An_answer_of_2xx_is_the_result()
    {
        Answers(HttpStatusCode.Created, "made");

        var outcome = Assert.IsType<TaskOutcome.SucceededOutcome>(await RunAsync("""{"url":"https://example.org/x","method":"POST","body":{"a":1}}"""));

        using var result = JsonDocument.Parse(outcome.Result);
        Assert.Equal((201, "made"), (result.RootElement.GetProperty("status").GetInt32(), result.RootElement.GetProperty("body").GetString()));
        network.Protected().Verify("SendAsync", Times.Once(), ItExpr.Is<HttpRequestMessage>(static sent =>
            sent.Method == HttpMethod.Post && sent.Content!.Headers.ContentType!.MediaType == "application/json"), ItExpr.IsAny<CancellationToken>());
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_answer_that_may_change_is_tried_again(int status)
    {
        Answers((HttpStatusCode)status, string.Empty);

        var outcome = Assert.IsType<TaskOutcome.FailedOutcome>(await RunAsync("""{"url":"https://example.org/"}"""));

        Assert.Equal($"http_{status}", outcome.Error.Type);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(422)]
    public async Task An_answer_that_will_not_change_is_final(int status)
    {
        Answers((HttpStatusCode)status, string.Empty);

        Assert.IsType<TaskOutcome.RejectedOutcome>(await RunAsync("""{"url":"https://example.org/"}"""));
    }

    [Fact]
    public async Task A_network_that_fails_fails_the_attempt()
    {
        network.Protected().Setup<Task<HttpResponseMessage>>("SendAsync", ItExpr.IsAny<HttpRequestMessage>(), ItExpr.IsAny<CancellationToken>())
            .ThrowsAsync(new HttpRequestException("The line is cut."));

        await Assert.ThrowsAsync<HttpRequestException>(async () => await RunAsync("""{"url":"https://example.org/"}"""));
    }

    [Theory]
    [InlineData("""{"url":"example.org"}""")]
    [InlineData("""{"url":"file:///etc/passwd"}""")]
    [InlineData("""{"method":"GET"}""")]
    [InlineData("""{"url":"https://example.org","method":"GE T"}""")]
    public async Task An_address_that_is_none_is_unreadable(string data) =>
        await Assert.ThrowsAsync<UnreadableDataException>(async () => await RunAsync(data));

    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.20.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("2606:4700::1111", true)]
    public void Only_public_addresses_are_connected_to(string address, bool isPublic) =>
        Assert.Equal(isPublic, GuardedConnector.IsPublic(IPAddress.Parse(address)));

    private void Answers(HttpStatusCode status, string body) => network.Protected()
        .Setup<Task<HttpResponseMessage>>("SendAsync", ItExpr.IsAny<HttpRequestMessage>(), ItExpr.IsAny<CancellationToken>())
        .ReturnsAsync(() => new HttpResponseMessage(status) { Content = new StringContent(body) });

    private async Task<TaskOutcome> RunAsync(string data)
    {
        using var client = new HttpClient(network.Object, disposeHandler: false);
        return await new HttpRequestHandler(client).RunAsync(Attempts.On(data));
    }
}
