using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Handlers;

/// <summary>The data and results of the built-in handlers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ProcessResult))]
[JsonSerializable(typeof(CalculateResult))]
[JsonSerializable(typeof(SleepData))]
[JsonSerializable(typeof(FailData))]
[JsonSerializable(typeof(HttpRequestData))]
[JsonSerializable(typeof(HttpRequestResult))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class HandlerJson : JsonSerializerContext;
