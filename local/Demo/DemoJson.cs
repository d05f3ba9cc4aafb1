using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Api.Views;

namespace Millrace.Local.Demo;

/// <summary>What the demo reads: the rows of its file, and the answer to a bulk submission.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(BulkView))]
internal sealed partial class DemoJson : JsonSerializerContext;
