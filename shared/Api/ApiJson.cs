using System.Text.Json.Serialization;

namespace Millrace.Api;

/// <summary>Every shape the API writes. snake_case; what is null is left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SubmittedView))]
[JsonSerializable(typeof(ManyView))]
[JsonSerializable(typeof(BulkView))]
[JsonSerializable(typeof(RefusedLine))]
internal sealed partial class ApiJson : JsonSerializerContext;
