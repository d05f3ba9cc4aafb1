using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Local.Hosting.Keys;

/// <summary>JSON of the key file.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(KeyFile))]
internal sealed partial class KeyFileJson : JsonSerializerContext;
