using System.Buffers.Binary;
using System.Buffers.Text;

namespace Millrace.Api.Requests;

/// <summary>Where a list of lines goes on: behind the last line of the page before. Opaque to clients; the first byte is the version.</summary>
internal static class LogCursor
{
    private const byte Version = 2;
    private const int Length = 9;

    internal static string Write(long seq)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], seq);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null when the text was never a cursor of ours.</summary>
    internal static long? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var isOurs = text.Length <= 2 * Length
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var written)
            && written == Length
            && bytes[0] == Version;
        return isOurs ? BinaryPrimitives.ReadInt64BigEndian(bytes[1..]) : null;
    }
}
