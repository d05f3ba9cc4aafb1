using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Millrace.Api.OpenApi;
using Millrace.Tests.Architecture;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Api;

/// <summary>The interactive page: all of it comes from this host.</summary>
public sealed partial class DocsTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    [Fact]
    public async Task The_page_and_everything_that_it_names_is_answered_by_this_host()
    {
        var page = await pipeline.Host.Client.GetStringAsync("docs", Place.Cancellation);
        var named = Reference().Matches(page).Select(static match => match.Groups[1].Value).ToList();

        Assert.Contains("/docs/swagger-ui-bundle.js", named);
        foreach (var url in named)
        {
            Assert.StartsWith("/docs/", url, StringComparison.Ordinal);
            using var answer = await pipeline.Host.Client.GetAsync(url, Place.Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync(Place.Cancellation));
        }
    }

    [Fact]
    public async Task Nothing_on_the_page_points_to_another_host_and_the_browser_is_told_so()
    {
        using var page = await pipeline.Host.Client.GetAsync("docs", Place.Cancellation);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'self';", policy, StringComparison.Ordinal);

        var own = await page.Content.ReadAsStringAsync(Place.Cancellation)
            + await pipeline.Host.Client.GetStringAsync("docs/docs.js", Place.Cancellation)
            + await pipeline.Host.Client.GetStringAsync("docs/docs.css", Place.Cancellation);
        var style = await pipeline.Host.Client.GetStringAsync("docs/swagger-ui.css", Place.Cancellation);

        Assert.DoesNotContain("//", own.Replace("// ", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Findings.AssertNone(InStyle().Matches(style).Select(static match => match.Groups[1].Value)
            .Where(static url => !url.StartsWith("data:", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_document_is_the_one_that_the_code_writes()
    {
        using var answer = await pipeline.Host.Client.GetAsync("api/v1/openapi.json", Place.Cancellation);

        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(Encoding.UTF8.GetString(ApiDocument.Write()), await answer.Content.ReadAsStringAsync(Place.Cancellation));
    }

    [Theory]
    [InlineData("docs/nothing.js")]
    [InlineData("docs/docs.html")]
    [InlineData("docs/..%2Fapi")]
    public async Task There_is_no_other_file(string url)
    {
        using var answer = await pipeline.Host.Client.GetAsync(url, Place.Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [GeneratedRegex("""(?:src|href)="([^"]*)["]""")]
    private static partial Regex Reference();

    [GeneratedRegex("""(?:url\(|@import )\s*["']?([^"')]*)""")]
    private static partial Regex InStyle();
}
