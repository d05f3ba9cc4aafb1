using System.Buffers.Binary;
using System.Buffers.Text;
using Millrace.Lifecycle;

namespace Millrace.Api.Requests;

/// <summary>
/// Where a list goes on: below the last id of the page before, and how many it has still to pass over. Opaque to clients; the first
/// byte is the version.
/// </summary>
internal static class PageCursor
{
    private const byte Version = 2;
    private const int SkipAt = 17;
    private const int Length = SkipAt + sizeof(int);

    internal static string Write(TaskId last, int skip = 0)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Version;
        last.Value.TryWriteBytes(bytes[1..SkipAt], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes[SkipAt..], skip);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null when the text was never a cursor of ours.</summary>
    internal static (TaskId Before, int Skip)? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var isOurs = text.Length <= 2 * Length
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var written)
            && written == Length
            && bytes[0] == Version
            && BinaryPrimitives.ReadInt32BigEndian(bytes[SkipAt..]) is >= 0 and <= TaskListQuery.MostSkipped;
        return isOurs
            ? (new TaskId(new Guid(bytes[1..SkipAt], bigEndian: true)), BinaryPrimitives.ReadInt32BigEndian(bytes[SkipAt..]))
            : null;
    }
}
