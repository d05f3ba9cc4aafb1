using System.Text.Json;
using Millrace.Lifecycle;

namespace Millrace.Handlers;

/// <summary><c>process</c>: takes any data and says what it was: <c>{"processed": true, "kind": "object", "bytes": 42}</c>.</summary>
internal sealed class ProcessHandler : TaskHandler
{
    public override ValueTask<TaskOutcome> RunAsync(TaskContext context)
    {
        var reader = new Utf8JsonReader(context.Data.Span);
        reader.Read();
        var kind = reader.TokenType switch
        {
            JsonTokenType.StartObject => "object",
            JsonTokenType.StartArray => "array",
            JsonTokenType.String => "string",
            JsonTokenType.Number => "number",
            JsonTokenType.Null => "null",
            _ => "boolean",
        };
        return new(TaskOutcome.Succeeded(new ProcessResult(true, kind, context.Data.Length), HandlerJson.Default.ProcessResult));
    }
}
