using System.Net;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Millrace.Functions;
using Millrace.Tests.Architecture;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Api;

/// <summary>HEAD and compression, as they leave the host.</summary>
public sealed class HeadTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    [Fact]
    public void Whatever_answers_GET_answers_HEAD() => Findings.AssertNone(
        from type in typeof(MillraceApp).Assembly.GetTypes()
        from method in type.GetMethods()
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger?.Methods is { } methods && methods.Contains("get") && !methods.Contains("head")
        select $"{type.Name}.{method.Name} takes get, not head.");

    [Theory]
    [InlineData("health", null)]
    [InlineData("metrics", "br")]
    [InlineData("metrics", null)]
    [InlineData("api/v1/dashboard/stats", null)]
    [InlineData("api/v1/tasks/5", null)]
    [InlineData("api/v1/tasks?limit=0", null)]
    public async Task HEAD_over_the_wire_has_the_headers_of_GET_and_no_body(string url, string? accepted)
    {
        using var get = await SendAsync(HttpMethod.Get, url, accepted);
        using var head = await SendAsync(HttpMethod.Head, url, accepted);

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.NotEqual(0, head.Content.Headers.ContentLength);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(get.Content.Headers.ContentEncoding, head.Content.Headers.ContentEncoding);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Place.Cancellation));
        Assert.Equal((await get.Content.ReadAsByteArrayAsync(Place.Cancellation)).Length, get.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_client_that_decompresses_reads_what_was_written()
    {
        using var handler = new HttpClientHandler { AutomaticDecompression = DecompressionMethods.All, CheckCertificateRevocationList = true };
        using var client = new HttpClient(handler) { BaseAddress = pipeline.Host.Client.BaseAddress };
        Assert.StartsWith("# HELP", await client.GetStringAsync("metrics", Place.Cancellation), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, string? accepted)
    {
        var request = new HttpRequestMessage(method, url);
        if (accepted is not null)
        {
            request.Headers.Add("Accept-Encoding", accepted);
        }

        return pipeline.Host.Client.SendAsync(request, Place.Cancellation);
    }
}
