using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Queues;

/// <summary>The bodies of storage-queue messages.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TicketMessage))]
[JsonSerializable(typeof(WakeMessage))]
internal sealed partial class QueueJson : JsonSerializerContext;
