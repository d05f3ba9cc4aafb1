using System.Text.Json.Serialization;
using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>The JSON of a task's history, as the statements of Apply build it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AttemptEntry[]))]
internal sealed partial class HistoryJson : JsonSerializerContext;
