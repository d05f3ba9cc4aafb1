using System.Text;
using System.Text.RegularExpressions;
using Millrace.Api.OpenApi;

namespace Millrace.Tests.Api.Contract;

/// <summary>A request to an operation of the API.</summary>
internal sealed partial record ApiRequest(string Method, string Url)
{
    /// <summary>A queue in which there is nothing.</summary>
    internal const string EmptyQueue = "nothing-is-here";

    public string? Body { get; init; }

    public string MediaType { get; init; } = "application/json";

    public (string Name, string Value)? Header { get; init; }

    /// <summary>One that the operation has nothing against, about something that may not exist.</summary>
    /// <param name="operation">What is asked for.</param>
    /// <param name="about">In the place of the path's parameter.</param>
    internal static ApiRequest To(ApiOperation operation, string about) =>
        new(operation.Method, InPath().Replace(operation.Path.TrimStart('/'), about))
        {
            Body = BodyOf(FunctionOf(operation)),
            MediaType = operation.Bodies is [var body, ..] ? body.MediaType : "application/json",
        };

    /// <summary>The same about something that does not exist.</summary>
    internal static ApiRequest To(ApiOperation operation) => To(operation, operation.Path.Contains("{id}", StringComparison.Ordinal)
        ? Guid.CreateVersion7().ToString()
        : "retrying");

    /// <summary>The name of the function, without what an alias adds.</summary>
    internal static string FunctionOf(ApiOperation operation) => operation.Function.Replace("Alias", string.Empty, StringComparison.Ordinal);

    internal HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), Url);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
            message.Content.Headers.TryAddWithoutValidation("Content-Type", MediaType);
        }

        if (Header is { } header)
        {
            message.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        return message;
    }

    private static string? BodyOf(string function) => function switch
    {
        "SubmitTask" => $$"""{"type": "process", "queue_name": "{{EmptyQueue}}", "delay_seconds": 3600}""",
        "SubmitBulk" => $$"""{"type": "process", "queue_name": "{{EmptyQueue}}", "delay_seconds": 3600}""" + "\n",
        "EditTask" or "BoostTask" or "ReplayTask" or "DeadLetterRetry" => """{"priority": 3}""",
        "RescheduleTask" => """{"delay_seconds": 3600}""",
        "BulkAction" => $$"""{"action": "cancel", "filters": {"queue_name": "{{EmptyQueue}}"}, "dry_run": true}""",
        "DeadLetterRetryMany" => $$"""{"filters": {"queue_name": "{{EmptyQueue}}"}, "dry_run": true}""",
        "DeadLetterPurge" => $$"""{"filters": {"queue_name": "{{EmptyQueue}}"} }""",
        "FailureReplay" => """{"dry_run": true}""",
        "QueueClear" => "{}",
        "QueuePut" => """{"max_depth": 1000}""",
        _ => null,
    };

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex InPath();
}
