using System.Text.Json.Serialization;
using Millrace.Local.Services.Install;

namespace Millrace.Local.Services;

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Dictionary<ServerKind, ServerRecord>))]
[JsonSerializable(typeof(LibraryLink[]))]
internal sealed partial class ServicesJson : JsonSerializerContext;
