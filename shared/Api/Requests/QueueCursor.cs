using System.Buffers.Text;
using System.Text;
using Millrace.Lifecycle;

namespace Millrace.Api.Requests;

/// <summary>Where a list of queues goes on: behind the last name of the page before. Opaque to clients; the first byte is the version.</summary>
internal static class QueueCursor
{
    private const byte Version = 1;

    internal static string Write(string last) => Base64Url.EncodeToString([Version, .. Encoding.UTF8.GetBytes(last)]);

    /// <summary>Null when the text was never a cursor of ours.</summary>
    internal static string? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[1 + TaskNames.LongestQueueName];
        var isOurs = text.Length <= 2 * bytes.Length
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, bytes, out var written)
            && written > 1
            && bytes[0] == Version
            && TaskNames.IsName(Encoding.UTF8.GetString(bytes[1..written]), TaskNames.LongestQueueName);
        return isOurs ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text).AsSpan(1)) : null;
    }
}
