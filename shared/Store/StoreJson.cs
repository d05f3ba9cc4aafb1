using System.Text.Json.Serialization;
using Millrace.Store.Rows;

namespace Millrace.Store;

/// <summary>The few values that travel to PostgreSQL as JSON of ours.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, long>))]
[JsonSerializable(typeof(IReadOnlyList<DataPath>))]
internal sealed partial class StoreJson : JsonSerializerContext;
