using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Millrace.Submit;

/// <summary>What an event carries, as the JSON that its task gets: JSON to the letter, a text as a text, anything else as base64.</summary>
internal static class EventData
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static byte[]? FromBytes(ReadOnlySpan<byte> bytes, string contentType, Faults faults)
    {
        var mediaType = MediaTypeHeaderValue.TryParse(contentType, out var parsed) ? parsed.MediaType! : contentType;
        if (IsJson(mediaType))
        {
            return Json(bytes.Trim(" \t\r\n"u8), faults);
        }

        if (!IsText(mediaType))
        {
            return Written(bytes, static (json, bytes) => json.WriteBase64StringValue(bytes));
        }

        if (Utf8.IsValid(bytes))
        {
            return Written(bytes, static (json, bytes) => json.WriteStringValue(bytes));
        }

        faults.Add("data", $"It is not UTF-8. Encode {mediaType} as UTF-8.");
        return null;
    }

    private static bool IsJson(string mediaType) =>
        mediaType.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    private static bool IsText(string mediaType) =>
        mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("/xml", StringComparison.OrdinalIgnoreCase)
        || mediaType.EndsWith("+xml", StringComparison.OrdinalIgnoreCase);

    private static byte[]? Json(ReadOnlySpan<byte> bytes, Faults faults)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            while (reader.Read())
            {
            }

            if (Utf8.IsValid(bytes))
            {
                return bytes.ToArray();
            }
        }
        catch (JsonException)
        {
            // Told below, with the other faults of the event.
        }

        faults.Add("data", "It is not JSON in UTF-8, nested up to 64 deep, as its content type says. Mend it, or name another content type.");
        return null;
    }

    private static byte[] Written(ReadOnlySpan<byte> bytes, Writing write)
    {
        var buffer = new ArrayBufferWriter<byte>(bytes.Length + 2);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            write(json, bytes);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private delegate void Writing(Utf8JsonWriter json, ReadOnlySpan<byte> bytes);
}
