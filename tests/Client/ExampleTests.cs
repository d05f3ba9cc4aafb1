using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Client;
using Millrace.Tests.Client.Example;
using Millrace.Tests.Pipeline;
using Millrace.Tests.Support;

namespace Millrace.Tests.Client;

/// <summary>The code that the client's page shows is compiled, is what the page shows to the letter, and does what the page says.</summary>
public sealed partial class ExampleTests(PipelineFixture pipeline) : IClassFixture<PipelineFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_page_shows_the_example_and_no_other_code()
    {
        var page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "client.md")).ReplaceLineEndings("\n");
        var files = Directory.GetFiles(Path.Combine(Checkout.Root, "tests", "Client", "Example"), "*.cs");

        var shown = Fence().Matches(page).Select(static match => match.Groups[1].Value).ToList();

        Assert.Equal(files.Select(static file => Shown(File.ReadAllText(file))).Order(), shown.Order());
    }

    [Fact]
    public async Task The_example_runs()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration["MILLRACE_URL"] = pipeline.Host.Client.BaseAddress!.ToString();
        builder.AddMillrace();
        using var app = builder.Build();
        var client = app.Services.GetRequiredService<MillraceClient>();
        var import = new GreetingImport(client);

        Assert.Equal("Ada", await new Greeter(client).GreetAsync("Ada", Cancellation));
        Assert.Equal(2, (await import.ImportAsync(new[] { new Greeting("Ada"), new Greeting("Alan") }.ToAsyncEnumerable(), "greetings")).Accepted);
        await import.RepairAsync(Cancellation);
        Assert.Equal(BulkActionStates.Done, (await import.ForgetAsync(Cancellation))?.Status);
    }

    /// <summary>What stands below the namespace.</summary>
    private static string Shown(string file) => Namespace().Replace(file.ReplaceLineEndings("\n"), string.Empty);

    [GeneratedRegex("""\A.*?^namespace [^\n]+\n\n""", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex("""^```csharp\n(.*?)^```$""", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
