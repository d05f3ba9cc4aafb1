using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Samples.Flights;

/// <summary>How flights are read and written. A missing field is an error here, not a null in the handler.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FlightData))]
[JsonSerializable(typeof(FlightResult))]
internal sealed partial class FlightJson : JsonSerializerContext;
