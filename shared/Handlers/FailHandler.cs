using System.Text.Json;
using Millrace.Lifecycle;

namespace Millrace.Handlers;

/// <summary><c>fail</c>: throws, to see what happens then. <c>{"message": "…", "until_attempt": 3, "permanent": false}</c>, all optional.</summary>
internal sealed class FailHandler : TaskHandler
{
    public override ValueTask<TaskOutcome> RunAsync(TaskContext context)
    {
        var data = Read(context.Data.Span);
        if (context.AttemptNumber >= data.UntilAttempt)
        {
            return new(TaskOutcome.Succeeded());
        }

        var message = data.Message ?? "This task was made to fail.";
        return data.Permanent
            ? new(TaskOutcome.Rejected("rejected", message))
            : throw new InvalidOperationException(message);
    }

    private static FailData Read(ReadOnlySpan<byte> data)
    {
        try
        {
            return JsonSerializer.Deserialize(data, HandlerJson.Default.FailData) ?? new FailData();
        }
        catch (JsonException exception)
        {
            throw new UnreadableDataException($"The data does not fit this handler: {exception.Message}", exception);
        }
    }
}
