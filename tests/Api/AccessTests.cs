using Millrace.Api.OpenApi;
using Millrace.Local.Hosting;
using Millrace.Tests.Api.Contract;
using Millrace.Tests.Architecture;
using Millrace.Tests.Support;

namespace Millrace.Tests.Api;

/// <summary>Who may call what, asked of every operation.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private const string Master = "the-master-key";
    private const string Function = "a-function-key";

    private Place place = null!;
    private PipelineHost host = null!;

    public async ValueTask InitializeAsync()
    {
        place = await Place.NewAsync();
        host = await PipelineHost.StartAsync(place, change: static options => options with
        {
            EnableAuth = true,
            Keys = new FunctionKeys { Master = Master, Host = new Dictionary<string, string> { ["default"] = Function } },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await (host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (place?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task Every_operation_asks_for_the_key_of_its_level_and_for_no_more()
    {
        List<string> findings = [];
        foreach (var operation in ApiOperations.All)
        {
            foreach (var key in (string?[])[null, "wrong", Function, Master])
            {
                var status = await AskAsync(operation, key);
                if (IsAllowed(operation.Access, key) ? !IsDeclared(operation, status) : status != 401)
                {
                    findings.Add($"{operation.Method} {operation.Path} ({operation.Access}) with the key {key ?? "none"}: {status}");
                }
            }
        }

        Findings.AssertNone(findings);
    }

    [Fact]
    public void What_cannot_be_undone_asks_for_the_master_key() => Assert.Equal(
        ["/api/v1/dlq/purge", "/api/v1/queues/{name}/clear", "/dlq/purge"],
        ApiOperations.All.Where(static one => one.Access == ApiAccess.Admin).Select(static one => one.Path).Order(StringComparer.Ordinal));

    private static bool IsAllowed(ApiAccess access, string? key) => access switch
    {
        ApiAccess.Anonymous => true,
        ApiAccess.Function => key is Function or Master,
        ApiAccess.Admin => key is Master,
    };

    /// <summary>About something that is not there an operation may well say so; what it says is in the table.</summary>
    private static bool IsDeclared(ApiOperation operation, int status) =>
        operation.Answers.Any(one => one.Status == status) || operation.AllProblems.Any(one => one.Status == status);

    private async Task<int> AskAsync(ApiOperation operation, string? key)
    {
        using var message = (ApiRequest.To(operation) with { Header = key is null ? null : ("x-functions-key", key) }).ToMessage();
        using var answer = await host.Client.SendAsync(message, Place.Cancellation);
        return (int)answer.StatusCode;
    }
}
