using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Millrace.Local.Hosting;
using Millrace.Tests.Support;

namespace Millrace.Tests.Local.Hosting;

public sealed class AdminApiTests(AzuriteFixture azurite)
{
    // 4.1: manual run of any non-HTTP function: POST /admin/functions/{name} {"input":"..."} -> 202.
    [Fact]
    public async Task A_function_can_be_run_by_hand()
    {
        await using var app = await new QueueApp(azurite).StartAsync(typeof(QueueTriggerTests.TakesText));
        using var response = await PostAsync(app.Host, "/admin/functions/TEXT", """{"input":"by hand"}""");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("by hand", await app.Gate.EnteredAsync());
    }

    [Theory]
    [InlineData("/admin/functions/missing", """{"input":""}""", HttpStatusCode.NotFound)]
    [InlineData("/admin/functions/text", "no json", HttpStatusCode.BadRequest)]
    [InlineData("/admin/nothing", "{}", HttpStatusCode.NotFound)]
    public async Task A_wrong_call_is_refused(string path, string body, HttpStatusCode status)
    {
        await using var app = await new QueueApp(azurite).StartAsync(typeof(QueueTriggerTests.TakesText));
        using var response = await PostAsync(app.Host, path, body);
        Assert.Equal(status, response.StatusCode);
    }

    // 4.1: admin key.
    [Fact]
    public async Task Only_the_master_key_opens_it()
    {
        await using var host = await new TestHost
        {
            Change = options => options with { EnableAuth = true, Keys = new FunctionKeys { Master = "master", Host = new Dictionary<string, string> { ["k"] = "host" } } },
        }.StartAsync(typeof(HttpTriggerTests.Web));
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.Client.GetAsync("/admin/functions?code=host", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/admin/functions?code=master", TestContext.Current.CancellationToken)).StatusCode);
    }

    // 4.5: POST /admin/host/drain (202), GET .../status {state, outstandingInvocations, outstandingRetries}, POST /admin/host/resume.
    [Fact]
    public async Task A_drained_host_takes_no_messages_until_it_resumes()
    {
        await using var app = await new QueueApp(azurite).StartAsync(typeof(QueueTriggerTests.TakesText));
        Assert.Equal("Disabled", await StateAsync(app.Host));
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(app.Host, "/admin/host/drain", "")).StatusCode);
        Assert.Equal("Completed", await StateAsync(app.Host));
        await using (var other = await new QueueApp(azurite) { Name = app.Name }.StartAsync(typeof(QueueTriggerTests.TakesText)))
        {
            // Each one is there for whoever looks first.
            for (var message = 0; message < 20; message++)
            {
                await other.SendAsync("meanwhile");
                await other.Gate.EnteredAsync();
            }

            Assert.False(app.Gate.HasReported);
        }

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(app.Host, "/admin/host/resume", "")).StatusCode);
        await app.SendAsync("after");
        Assert.Equal("after", await app.Gate.EnteredAsync());
    }

    [Fact]
    public async Task The_list_names_every_function_and_its_trigger()
    {
        await using var host = await new TestHost { Settings = { ["AzureFunctionsJobHost__functions__0"] = "plain" } }.StartAsync(typeof(HttpTriggerTests.Web));
        using var list = JsonDocument.Parse(await host.Client.GetStringAsync("/admin/functions", TestContext.Current.CancellationToken));
        var plain = list.RootElement.EnumerateArray().Single(function => function.GetProperty("name").GetString() == "plain");
        Assert.Equal(("httpTrigger", "/api/plain", false), (plain.GetProperty("trigger").GetString(), plain.GetProperty("source").GetString(), plain.GetProperty("isDisabled").GetBoolean()));
        Assert.Equal(8, list.RootElement.EnumerateArray().Count(function => function.GetProperty("isDisabled").GetBoolean()));
        Assert.Contains("\"Running\"", await host.Client.GetStringAsync("/admin/host/status", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_stepped_over_and_said()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var host = await new TestHost { Change = options => options with { Port = port } }.StartAsync(typeof(HttpTriggerTests.Web));
        Assert.NotEqual(port, host.Host.BaseUrl!.Port);
        Assert.Contains(host.Log.Warnings, warning => warning.Contains($"Port {port} is taken", StringComparison.Ordinal));
    }

    // 1.4: Host.CORS: a preflight is answered, other origins get no header.
    [Theory]
    [InlineData("http://page.example", "http://page.example")]
    [InlineData("http://other.example", null)]
    public async Task Cross_origin_requests_are_allowed_as_the_settings_file_says(string origin, string? allowed)
    {
        await using var host = await new TestHost
        {
            LocalSettings = """{ "IsEncrypted": false, "Host": { "CORS": "http://page.example" } }""",
        }.StartAsync(typeof(HttpTriggerTests.Web));
        using var request = new HttpRequestMessage(HttpMethod.Options, "/api/plain");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(allowed, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null);
    }

    private static async Task<string?> StateAsync(TestHost host)
    {
        using var status = JsonDocument.Parse(await host.Client.GetStringAsync("/admin/host/drain/status", TestContext.Current.CancellationToken));
        Assert.Equal(0, status.RootElement.GetProperty("outstandingInvocations").GetInt32());
        return status.RootElement.GetProperty("state").GetString();
    }

    private static async Task<HttpResponseMessage> PostAsync(TestHost host, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await host.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
    }
}
