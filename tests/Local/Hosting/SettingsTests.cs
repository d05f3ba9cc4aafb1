using Millrace.Local.Hosting.Settings;

namespace Millrace.Tests.Local.Hosting;

public sealed class SettingsTests
{
    // 1.4: Values become env vars; an existing env var wins. Given defaults are weakest.
    [Fact]
    public async Task The_environment_wins_over_the_file_and_the_file_over_the_defaults()
    {
        var seen = new Dictionary<string, string?>();
        await using var host = await new TestHost
        {
            Settings = { ["A"] = "environment", ["Section__Key"] = "nested" },
            LocalSettings = """{ "IsEncrypted": false, "Values": { "A": "file", "B": "file" }, "ConnectionStrings": { "Db": "db", "Old": { "ConnectionString": "old", "ProviderName": "x" } } }""",
            Change = options => options with { Port = null, DefaultSettings = new Dictionary<string, string> { ["A"] = "default", ["B"] = "default", ["C"] = "default" } },
            Configure = (_, configuration) =>
            {
                foreach (var key in (string[])["A", "B", "C", "Section:Key", "ConnectionStrings:Db", "ConnectionStrings:Old"])
                {
                    seen[key] = configuration[key];
                }
            },
        }.StartAsync();
        Assert.Equal(["environment", "file", "default", "nested", "db", "old"], seen.Values);
    }

    // 1.4: IsEncrypted defaults to true when absent -> error; always write false.
    [Fact]
    public async Task A_settings_file_that_does_not_say_it_is_plain_is_refused()
    {
        await using var host = new TestHost { LocalSettings = """{ "Values": {} }""" };
        Assert.Contains("\"IsEncrypted\": false", Assert.Single(await host.FaultsAsync()), StringComparison.Ordinal);
    }

    // 1.4: a nested object makes the whole file be ignored with a warning.
    [Fact]
    public async Task A_nested_value_makes_the_file_ignored()
    {
        await using var host = await new TestHost
        {
            LocalSettings = """{ "IsEncrypted": false, "Values": { "A": "file", "B": { "C": "d" } } }""",
            Configure = (_, configuration) => Assert.Null(configuration["A"]),
        }.StartAsync();
        Assert.Contains(host.Log.Warnings, warning => warning.Contains("is ignored: \"B\"", StringComparison.Ordinal));
    }

    // 4.1: Connection="Foo" looks up AzureWebJobsFoo then Foo, each first under ConnectionStrings:; default AzureWebJobsStorage.
    [Fact]
    public void A_connection_is_looked_up_under_four_names()
    {
        var names = new[] { "ConnectionStrings:AzureWebJobsFoo", "AzureWebJobsFoo", "ConnectionStrings:Foo", "Foo" };
        for (var strongest = 0; strongest < names.Length; strongest++)
        {
            var settings = AppSettings.Merge(names.Skip(strongest).Select(name => KeyValuePair.Create(name, name)));
            Assert.True(settings.TryGetConnection("Foo", out var connection));
            Assert.Equal(names[strongest], connection);
        }

        Assert.False(AppSettings.Merge([]).TryGetConnection(null, out _));
    }

    // 4.2: defaults and rules of extensions.queues; the exact minute becomes 2 s in Development only.
    [Theory]
    [InlineData("{}", true, 2)]
    [InlineData("{}", false, 60)]
    [InlineData("""{ "extensions": { "queues": { "maxPollingInterval": "00:00:30" } } }""", true, 30)]
    public void The_default_polling_interval_is_shorter_in_development(string json, bool isDevelopment, int seconds)
    {
        var queues = Read(json, isDevelopment, [], out _).Queues;
        Assert.Equal(TimeSpan.FromSeconds(seconds), queues.MaxPollingInterval);
        Assert.Equal((16, 8 * Environment.ProcessorCount, 5, true), (queues.BatchSize, queues.NewBatchThreshold, queues.MaxDequeueCount, queues.IsBase64));
    }

    [Theory]
    [InlineData("""{ "extensions": { "queues": { "batchSize": 33 } } }""", "batchSize \"33\": write a whole number from 1 to 32")]
    [InlineData("""{ "extensions": { "queues": { "maxDequeueCount": 0 } } }""", "maxDequeueCount \"0\"")]
    [InlineData("""{ "extensions": { "queues": { "maxPollingInterval": "00:00:00.05" } } }""", "maxPollingInterval")]
    [InlineData("""{ "extensions": { "queues": { "messageEncoding": "rot13" } } }""", "write \"base64\" or \"none\"")]
    [InlineData("""{ "version": "1.0" }""", "write \"version\": \"2.0\"")]
    [InlineData("""{ "functionTimeout": "soon" }""", "functionTimeout \"soon\"")]
    public void A_value_out_of_its_range_is_a_fault(string json, string sentence)
    {
        Read(json, true, [], out var findings);
        Assert.Contains(sentence, Assert.Single(findings.Faults), StringComparison.Ordinal);
    }

    // 4.5: functionTimeout 30 min by default, -1 = unbounded.
    [Fact]
    public void A_timeout_of_minus_one_is_none()
    {
        Assert.Null(Read("""{ "functionTimeout": "-1" }""", true, [], out _).FunctionTimeout);
        Assert.Equal(TimeSpan.FromMinutes(30), Read("{}", true, [], out _).FunctionTimeout);
    }

    // 4.1: any host.json value can be overridden by AzureFunctionsJobHost__path__to__setting; allow list __functions__0.
    [Fact]
    public void A_setting_overrides_host_json()
    {
        var host = Read(
            """{ "functions": ["a"], "extensions": { "queues": { "batchSize": 3 } } }""",
            true,
            new() { ["AzureFunctionsJobHost__extensions__queues__batchSize"] = "7", ["AzureFunctionsJobHost__functions__0"] = "b" },
            out _);
        Assert.Equal(7, host.Queues.BatchSize);
        Assert.Equal(["b"], host.Functions);
    }

    [Fact]
    public void A_key_this_host_does_not_know_is_a_warning()
    {
        Read("""{ "singleton": { "lockPeriod": "00:00:15" }, "extensions": { "queues": { "colour": "red" }, "blobs": { "x": 1 } } }""", true, [], out var findings);
        Assert.Equal(
            ["extensions:blobs", "extensions:queues:colour", "singleton"],
            findings.Warnings.Select(warning => warning.Split(' ')[2].TrimEnd(',')).Order(StringComparer.Ordinal));
    }

    private static HostJson Read(string json, bool isDevelopment, Dictionary<string, string> settings, out StartFindings findings)
    {
        var folder = Directory.CreateTempSubdirectory("millrace-hostjson-").FullName;
        File.WriteAllText(Path.Combine(folder, "host.json"), json);
        findings = new StartFindings();
        var host = new HostJsonReader(findings).Read(HostJsonReader.Load(folder, AppSettings.Merge(settings), findings), isDevelopment);
        Directory.Delete(folder, recursive: true);
        return host;
    }
}
