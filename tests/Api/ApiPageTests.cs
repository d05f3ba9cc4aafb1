using System.Text.RegularExpressions;
using Millrace.Api.OpenApi;
using Millrace.Tests.Architecture;
using Millrace.Tests.Support;

namespace Millrace.Tests.Api;

/// <summary>docs/api.md names every route that there is, and no route or test that there is not.</summary>
public sealed partial class ApiPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "api.md"));

    private static readonly HashSet<string> Routes = [.. ApiOperations.All.Select(static one => $"{one.Method} {Bare(one.Path)}")];

    [Fact]
    public void Every_test_that_is_named_exists() => Findings.AssertNone(
        TestFile().Matches(Page).Select(static match => match.Value).Distinct().Where(static file => !File.Exists(Path.Combine(Checkout.Root, file))));

    [Fact]
    public void Every_route_that_is_named_exists() => Findings.AssertNone(Named().Where(static route => !Routes.Contains(route)));

    [Fact]
    public void Every_route_is_named() => Findings.AssertNone(Routes.Except(Named()));

    private static IEnumerable<string> Named() => Route().Matches(Page).Select(static match => $"{match.Groups[1].Value} {Bare(match.Groups[2].Value)}");

    /// <summary>Whatever a parameter is called.</summary>
    private static string Bare(string path) => Parameter().Replace(path, "{}");

    [GeneratedRegex(@"tests/[\w/]+\.cs")]
    private static partial Regex TestFile();

    [GeneratedRegex(@"`(GET|POST|PUT|PATCH|DELETE) (/[^\s`?]*)")]
    private static partial Regex Route();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
