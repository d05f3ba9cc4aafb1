using System.Text.Json.Serialization;

namespace Millrace.Api.Views;

/// <summary>JSON as UTF-8 that is written into an answer to the letter: numbers, key order and escapes untouched.</summary>
[JsonConverter(typeof(RawJsonConverter))]
internal readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    internal static RawJson? From(byte[]? utf8) => utf8 is null ? null : new RawJson(utf8);
}
