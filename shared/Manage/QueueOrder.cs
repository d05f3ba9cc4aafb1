using System.Text.Json;
using Millrace.Lifecycle;
using Millrace.Submit;

namespace Millrace.Manage;

/// <summary>What may be set of a queue. A maximum depth that is not named stays as it is; null takes it away.</summary>
internal sealed record QueueOrder(bool ChangesMaxDepth, int? MaxDepth)
{
    internal const int MostBytes = 16_384;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="JsonException">The body is not a JSON object.</exception>
    internal static QueueOrder Read(ReadOnlyMemory<byte> body, Faults faults)
    {
        using var document = JsonDocument.Parse(body, Strict);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("The body is not a JSON object.");
        }

        var order = new QueueOrder(false, null);
        foreach (var field in document.RootElement.EnumerateObject())
        {
            if (field.Name != "max_depth")
            {
                faults.Add(ShortText.Of(field.Name, 60), "Is not a field of a queue. Use max_depth; pause and resume are routes of their own.");
            }
            else if (field.Value.ValueKind == JsonValueKind.Null)
            {
                order = new(true, null);
            }
            else if (field.Value.ValueKind == JsonValueKind.Number && field.Value.TryGetInt32(out var depth) && depth > 0)
            {
                order = new(true, depth);
            }
            else
            {
                faults.Add("max_depth", "Is no depth. Write a whole number from 1 to 2147483647, or null for any number of tasks.");
            }
        }

        return order;
    }
}
