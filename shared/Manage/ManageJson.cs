using System.Text.Json.Serialization;

namespace Millrace.Manage;

/// <summary>What is kept about bulk actions as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BulkResult))]
internal sealed partial class ManageJson : JsonSerializerContext;
