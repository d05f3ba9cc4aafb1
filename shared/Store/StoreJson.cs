using System.Text.Json.Serialization;

namespace Millrace.Store;

/// <summary>The few values that travel to PostgreSQL as JSON of ours.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(Dictionary<string, long>))]
internal sealed partial class StoreJson : JsonSerializerContext;
