using System.Text.Json.Serialization;

namespace Millrace.Tests.Chaos.Handlers;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChaosData))]
internal sealed partial class ChaosJson : JsonSerializerContext;
