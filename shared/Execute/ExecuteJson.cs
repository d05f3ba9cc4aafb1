using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Execute;

/// <summary>What executors write as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProgressReport))]
internal sealed partial class ExecuteJson : JsonSerializerContext;
