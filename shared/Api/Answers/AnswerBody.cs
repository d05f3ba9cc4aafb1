using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace Millrace.Api.Answers;

/// <summary>
/// Sends a whole body: compressed when it is large and the client says that it can read that, with its exact length, and
/// to HEAD the same headers without it.
/// </summary>
internal static class AnswerBody
{
    /// <summary>Up to here compression costs more than it saves.</summary>
    internal const int LargestPlain = 1_024;

    internal static async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        if (body.Length > LargestPlain)
        {
            response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
            if (Coding(context.Request.GetTypedHeaders()) is { } coding)
            {
                response.Headers.ContentEncoding = coding;
                body = Compress(body.Span, coding);
            }
        }

        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body, context.RequestAborted);
        }
    }

    /// <summary>What the client likes best of what we have; br before gzip where it likes both alike. Null is no compression.</summary>
    private static string? Coding(RequestHeaders headers)
    {
        // No header means that nothing was asked for, not that anything will do.
        if (headers.AcceptEncoding is not { Count: > 0 } accepted)
        {
            return null;
        }

        var (br, gzip) = (Quality(accepted, "br"), Quality(accepted, "gzip"));
        var best = Math.Max(br, gzip);
        return best <= 0 || best < ExplicitQuality(accepted, "identity") ? null : br >= gzip ? "br" : "gzip";
    }

    private static double Quality(IList<StringWithQualityHeaderValue> accepted, string coding) =>
        ExplicitQuality(accepted, coding) ?? ExplicitQuality(accepted, "*") ?? 0;

    private static double? ExplicitQuality(IList<StringWithQualityHeaderValue> accepted, string coding) => accepted
        .Where(one => one.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)).Select(static one => (double?)(one.Quality ?? 1)).Max();

    private static byte[] Compress(ReadOnlySpan<byte> body, string coding)
    {
        using var compressed = new MemoryStream();
        using (Stream stream = coding == "br"
            ? new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true)
            : new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(body);
        }

        return compressed.ToArray();
    }
}
