using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Millrace.Submit;

/// <summary>Tells whether two JSON texts say the same: white space and the order of an object's keys do not count.</summary>
internal static class CanonicalJson
{
    /// <summary>SHA-256 of the canonical form: keys in order of their bytes, values to the letter, no white space.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    internal static byte[] Hash(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        using var document = JsonDocument.ParseValue(ref reader);
        var canonical = new ArrayBufferWriter<byte>(text.Length);
        Write(document.RootElement, canonical);
        return SHA256.HashData(canonical.WrittenSpan);
    }

    /// <summary>Of a type and data, however they were wrapped.</summary>
    internal static byte[] Hash(string type, ReadOnlySpan<byte> data) => SHA256.HashData([.. Encoding.UTF8.GetBytes(type), 0, .. Hash(data)]);

    private static void Write(JsonElement value, ArrayBufferWriter<byte> to)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                to.Write("{"u8);
                foreach (var field in Sorted(value))
                {
                    to.Write("\""u8);
                    to.Write(JsonMarshal.GetRawUtf8PropertyName(field));
                    to.Write("\":"u8);
                    Write(field.Value, to);
                    to.Write(","u8);
                }

                to.Write("}"u8);
                break;
            case JsonValueKind.Array:
                to.Write("["u8);
                foreach (var item in value.EnumerateArray())
                {
                    Write(item, to);
                    to.Write(","u8);
                }

                to.Write("]"u8);
                break;
            case JsonValueKind.Undefined or JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null:
                to.Write(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private static JsonProperty[] Sorted(JsonElement value)
    {
        JsonProperty[] fields = [.. value.EnumerateObject()];
        Array.Sort(fields, static (a, b) => JsonMarshal.GetRawUtf8PropertyName(a).SequenceCompareTo(JsonMarshal.GetRawUtf8PropertyName(b)));
        return fields;
    }
}
