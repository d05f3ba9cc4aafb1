using System.CommandLine;
using Millrace.Local;
using Millrace.Local.Demo;
using Millrace.Local.Services;

namespace Millrace.Tests.Local;

/// <summary>What the flags and the settings file ask for is what the program is told.</summary>
public sealed class LocalCommandTests
{
    private static readonly LocalOptions Defaults = new() { Port = 7071, Data = Path.GetFullPath(Path.Combine("/somewhere", ".millrace")) };

    [Fact]
    public async Task Without_flags_it_is_port_7071_and_data_in_the_repository() => Assert.Equal(Defaults, await ParsedAsync());

    [Fact]
    public async Task Every_flag_sets_what_it_names()
    {
        Assert.Equal(Defaults with { Port = 8080 }, await ParsedAsync("--port", "8080"));
        Assert.Equal(Defaults with { Data = Path.GetFullPath("here") }, await ParsedAsync("--data", "here"));
        Assert.Equal(Defaults with { Reset = true }, await ParsedAsync("--reset"));
        Assert.Equal(Defaults with { Demo = true }, await ParsedAsync("--demo"));
        Assert.Equal(Defaults with { EnableAuth = true }, await ParsedAsync("--enable-auth"));
        Assert.Equal(Defaults with { NoHttp = true }, await ParsedAsync("--no-http"));
        Assert.Equal(Defaults with { NoExecutors = true }, await ParsedAsync("--no-executors"));
    }

    [Theory]
    [InlineData("--port", "70000")]
    [InlineData("--port", "http")]
    [InlineData("--prot", "1")]
    public async Task A_wrong_flag_runs_nothing(params string[] arguments) => Assert.Null(await ParsedAsync(arguments));

    [Fact]
    public void The_demo_needs_what_it_is_made_of()
    {
        DemoFlags.Check(Defaults with { Demo = true });
        Assert.Throws<InvalidOperationException>(static () => DemoFlags.Check(Defaults with { Demo = true, NoHttp = true }));
        Assert.Throws<InvalidOperationException>(static () => DemoFlags.Check(Defaults with { Demo = true, NoExecutors = true }));
        DemoFlags.Check(Defaults with { NoHttp = true, NoExecutors = true });
    }

    [Fact]
    public async Task A_server_is_brought_up_only_where_no_connection_string_names_one()
    {
        var folder = Directory.CreateTempSubdirectory("millrace-settings-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "host.json"), """{ "version": "2.0" }""", TestContext.Current.CancellationToken);
        Assert.Equal([ServerKind.Postgres, ServerKind.Storage, ServerKind.Redis], LocalSettings.Missing(folder).Order());

        await WriteAsync("\"MILLRACE_POSTGRES\": \"Host=db\"");
        Assert.Equal([ServerKind.Storage, ServerKind.Redis], LocalSettings.Missing(folder).Order());

        // Redis is optional: who has the other two of their own is not given one.
        await WriteAsync("\"MILLRACE_POSTGRES\": \"Host=db\", \"AzureWebJobsStorage\": \"UseDevelopmentStorage=true\"");
        Assert.Empty(LocalSettings.Missing(folder));
        Directory.Delete(folder, recursive: true);

        Task WriteAsync(string values) => File.WriteAllTextAsync(
            Path.Combine(folder, "local.settings.json"), $$"""{ "IsEncrypted": false, "Values": { {{values}} } }""", TestContext.Current.CancellationToken);
    }

    /// <summary>The options that the program would run with; null when it is not run.</summary>
    private static async Task<LocalOptions?> ParsedAsync(params string[] arguments)
    {
        LocalOptions? given = null;
        var command = LocalCommand.Create("/somewhere", (options, _) =>
        {
            given = options;
            return Task.FromResult(0);
        });
        var quiet = new InvocationConfiguration { Output = TextWriter.Null, Error = TextWriter.Null };
        await command.Parse(arguments).InvokeAsync(quiet, TestContext.Current.CancellationToken);
        return given;
    }
}
