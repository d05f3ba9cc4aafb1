using System.Text.Json.Serialization;

namespace Millrace.Local.Hosting.Invocation;

/// <summary>JSON of the trigger metadata.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class MetadataJson : JsonSerializerContext;
