using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Lifecycle;

namespace Millrace.Handlers;

/// <summary><c>calculate</c>: a number, or a list of numbers, to their sum and the sum of their squares.</summary>
internal sealed class CalculateHandler : TaskHandler<JsonElement>
{
    protected override JsonTypeInfo<JsonElement> Format => HandlerJson.Default.JsonElement;

    protected override ValueTask<TaskOutcome> RunAsync(JsonElement data, TaskContext context)
    {
        double[] numbers = data.ValueKind switch
        {
            JsonValueKind.Number => [Read(data)],
            JsonValueKind.Array => [.. data.EnumerateArray().Select(Read)],
            _ => throw new UnreadableDataException("Write a number, or a list of numbers, as the data."),
        };
        var sum = numbers.Sum();
        var squares = numbers.Sum(static number => number * number);
        if (!double.IsFinite(sum) || !double.IsFinite(squares))
        {
            return new(TaskOutcome.Rejected("out_of_range", "The result is too large for a double."));
        }

        return new(TaskOutcome.Succeeded(new CalculateResult(numbers.Length, sum, squares), HandlerJson.Default.CalculateResult));
    }

    private static double Read(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number)
            ? number
            : throw new UnreadableDataException("Write a number, or a list of numbers, as the data.");
}
