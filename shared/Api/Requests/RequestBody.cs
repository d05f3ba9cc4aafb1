using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Millrace.Api.Requests;

/// <summary>A whole request body in memory, up to a limit. What it holds is valid until it is disposed.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstSize = 4_096;

    private byte[] rented = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int length;

    internal bool IsTooLarge { get; private set; }

    internal ReadOnlyMemory<byte> Bytes => rented.AsMemory(0, length);

    /// <param name="request">Whose body it is.</param>
    /// <param name="limit">No body may be larger, and no more of one is read.</param>
    /// <param name="cancellation">Stops the read.</param>
    /// <param name="limitOf">
    /// A smaller limit, told by how the body begins. What comes beyond it is read and not kept: a client that still sends would not see the answer.
    /// </param>
    internal static async Task<RequestBody> ReadAsync(
        HttpRequest request, int limit, CancellationToken cancellation, Func<ReadOnlySpan<byte>, int>? limitOf = null)
    {
        var body = new RequestBody { IsTooLarge = request.ContentLength > limit };
        var left = body.IsTooLarge ? -1L : limit;
        while (left >= 0)
        {
            var read = await request.BodyReader.ReadAsync(cancellation);
            left -= read.Buffer.Length;
            foreach (var segment in read.Buffer)
            {
                body.Append(segment.Span, limitOf?.Invoke(body.Bytes.Span) ?? limit);
            }

            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        return body;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(rented);

    private void Append(ReadOnlySpan<byte> bytes, int limit)
    {
        if (IsTooLarge || length + bytes.Length > limit)
        {
            IsTooLarge = true;
            return;
        }

        if (length + bytes.Length > rented.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length + bytes.Length, rented.Length * 2));
            rented.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(rented);
            rented = larger;
        }

        bytes.CopyTo(rented.AsSpan(length));
        length += bytes.Length;
    }
}
