using System.Text;

namespace Millrace.Local.Services;

/// <summary>Reads the ends of a log that a server is still writing.</summary>
internal static class LogTail
{
    private const int Window = 64 * 1024;

    /// <summary>The last lines, or a sentence that there are none.</summary>
    public static string Last(string path, int lines = 20)
    {
        var text = Read(path, fromEnd: true).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return text.Length == 0 ? $"(Nothing was written to {path}.)" : string.Join(Environment.NewLine, text.TakeLast(lines));
    }

    /// <summary>Whether a server has written this line near the start of its log.</summary>
    public static bool Begins(string path, string line) => Read(path, fromEnd: false).Contains(line, StringComparison.Ordinal);

    private static string Read(string path, bool fromEnd)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (fromEnd && stream.Length > Window)
        {
            stream.Seek(-Window, SeekOrigin.End);
        }

        var buffer = new byte[Window];
        var length = stream.ReadAtLeast(buffer, Window, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
