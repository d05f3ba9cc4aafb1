using System.Globalization;
using System.Net;
using System.Text;

namespace Millrace.Benchmarks.Load;

/// <summary>Tasks as NDJSON with 200 bytes of data each, made while they are sent.</summary>
internal sealed class LineContent(int lines, string queue, int every, Action<int> passed) : HttpContent
{
    private const int AtOnce = 500;

    private static readonly string Filling = new('x', 170);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var text = new StringBuilder(AtOnce * 260);
        for (var line = 1; line <= lines; line++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{{\"type\":\"echo\",\"queue_name\":\"{queue}\",\"data\":{{\"id\":{line},\"text\":\"{Filling}\"}}}}\n");
            if (line % AtOnce == 0 || line == lines)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()));
                text.Clear();
            }

            if (line % every == 0)
            {
                passed(line);
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
