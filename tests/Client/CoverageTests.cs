using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Millrace.Api.OpenApi;
using Millrace.Client;

namespace Millrace.Tests.Client;

/// <summary>The client has a method for every operation of the API, and calls nothing else.</summary>
public sealed class CoverageTests
{
    /// <summary>For browsers and for Prometheus.</summary>
    private static readonly string[] ForOthers = ["OpenApi", "Docs", "DocsFile", "Metrics"];

    private readonly StubApi api = StubApi.With("{}");

    [Fact]
    public async Task Every_operation_is_called_by_some_method_and_every_method_calls_operations()
    {
        List<ApiOperation> called = [];
        foreach (var method in Methods)
        {
            api.All.Clear();
            await CallAsync(method);

            Assert.True(api.All.Count > 0, $"{method} calls nothing.");
            called.AddRange(api.All.Select(asked => OperationOf(asked) ?? throw new InvalidOperationException($"{method} calls {asked.Line}, which is no operation.")));
        }

        var aliases = ApiOperations.All.Where(static one => one.Alias is not null).Select(static one => one.Alias!.Value.Function);
        Assert.Empty(ApiOperations.All.Except(called).Select(static one => one.Function).Except(aliases).Except(ForOthers));
    }

    private static IEnumerable<MethodInfo> Methods =>
        typeof(MillraceClient).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(static method => method.IsGenericMethod ? method.MakeGenericMethod(typeof(int)) : method);

    /// <summary>A path that is written out goes before one with parameters, as in routing.</summary>
    private static ApiOperation? OperationOf(StubApi.Asked asked)
    {
        var path = "/" + asked.Path["/root/".Length..].Split('?')[0];
        return ApiOperations.All.Where(one => one.Method == asked.Method && Regex.IsMatch(path, $"^{Regex.Replace(one.Path, @"\{\w+\}", "[^/]+")}$"))
            .MinBy(static one => one.Path.Count(static c => c == '{'));
    }

    private async Task CallAsync(MethodInfo method)
    {
        var answer = method.Invoke(api.Client(), [.. method.GetParameters().Select(static parameter => Value(parameter.ParameterType))])!;
        await (answer switch
        {
            Task task => task,
            IAsyncEnumerable<TaskInfo> tasks => tasks.CountAsync().AsTask(),
            IAsyncEnumerable<QueueInfo> queues => queues.CountAsync().AsTask(),
            IAsyncEnumerable<LogLine> lines => lines.CountAsync().AsTask(),
            _ => throw new NotSupportedException($"{method} answers with what is not awaited here."),
        });
    }

    private static object? Value(Type type) => type switch
    {
        _ when type == typeof(string) => "\"7\"",
        _ when type == typeof(Guid) => Guid.CreateVersion7(),
        _ when type == typeof(CancellationToken) => TestContext.Current.CancellationToken,
        _ when type == typeof(TaskInfo) => new TaskInfo { ETag = "\"7\"" },
        _ when type == typeof(JsonTypeInfo<int>) => MillraceJson.Plain.Int32,
        _ when type == typeof(JsonElement) => JsonElement.Parse("1"),
        _ when type == typeof(IReadOnlyList<NewTask>) => Array.Empty<NewTask>(),
        _ when type == typeof(IReadOnlyList<CloudEvent>) => Array.Empty<CloudEvent>(),
        _ when type == typeof(IAsyncEnumerable<NewTask>) => AsyncEnumerable.Empty<NewTask>(),
        _ => Activator.CreateInstance(type),
    };
}
