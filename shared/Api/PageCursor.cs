using System.Buffers.Text;
using Millrace.Lifecycle;

namespace Millrace.Api;

/// <summary>Where a list goes on: below the last id of the page before. Opaque to clients; the first byte is the version.</summary>
internal static class PageCursor
{
    private const byte Version = 1;
    private const int Length = 17;

    internal static string Write(TaskId last)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        last.Value.TryWriteBytes(bytes[1..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null when the text was never a cursor of ours.</summary>
    internal static TaskId? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var isOurs = text.Length <= 2 * Length
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var written)
            && written == Length
            && bytes[0] == Version;
        return isOurs ? new TaskId(new Guid(bytes[1..], bigEndian: true)) : null;
    }
}
