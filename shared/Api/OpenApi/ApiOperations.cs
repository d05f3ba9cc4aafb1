namespace Millrace.Api.OpenApi;

/// <summary>All operations, topic by topic. A new route is one entry in one of these tables; a test names what is missing.</summary>
internal static class ApiOperations
{
    internal static IReadOnlyList<ApiOperation> All { get; } =
    [
        .. new[]
        {
            SubmitOperations.All,
            TaskOperations.All,
            DeadLetterOperations.All,
            ManyOperations.All,
            QueueOperations.All,
            WorkerOperations.All,
            WatchOperations.All,
            DocumentOperations.All,
        }.SelectMany(static table => table).SelectMany(static operation => operation.WithAlias()),
    ];
}
