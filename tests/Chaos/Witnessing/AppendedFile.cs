using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Millrace.Tests.Chaos.Witnessing;

/// <summary>
/// A file that is only appended to, one write(2) a line and nothing kept back: what was written before a kill -9 is there after it.
/// </summary>
internal sealed partial class AppendedFile : IDisposable
{
    // O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC of Linux on x86-64 and ARM64.
    private const int Flags = 0x1 | 0x40 | 0x400 | 0x80000;

    private const int Mode = 0x1A4; // rw-r--r--

    private readonly int file;

    internal AppendedFile(string path)
    {
        file = Open(path, Flags, Mode);
        if (file < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{path} cannot be written. Give the folder to the user who runs this.");
        }
    }

    internal void Append(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line);
        if (Write(file, bytes, bytes.Length) != bytes.Length)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "A line of the witness was not written whole. Free some space on its disk.");
        }
    }

    public void Dispose() => _ = Close(file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(int file, byte[] bytes, nint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int file);
}
