using System.Runtime.InteropServices;

namespace Millrace.Local.Services.Processes;

/// <summary>The two calls of the C library that .NET has no name for. Linux and macOS; nothing else starts servers.</summary>
internal static partial class NativeMethods
{
    public static void Send(int processId, Signal signal) => _ = Kill(processId, (int)signal);

    public static void Own(string path, int userId, int groupId)
    {
        if (Chown(path, userId, groupId) != 0)
        {
            throw new ServerException($"The folder {path} could not be given to user {userId}. Give it to that user and start again.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Chown(string path, int userId, int groupId);
}
