using System.Text.Json.Serialization;

namespace Millrace.Tests.Chaos.Results;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TryResult))]
internal sealed partial class ResultsJson : JsonSerializerContext;
