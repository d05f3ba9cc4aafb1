namespace Millrace.Local.Services.Processes;

/// <summary>
/// Folders and files with the rights they need from the start. Does nothing about rights on Windows, where no server is started.
/// </summary>
internal static class UnixFiles
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Run = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static void CreatePrivateFolder(string path) => Create(path, Private);

    /// <summary>A folder that every user may enter and read.</summary>
    public static void CreateOpenFolder(string path) => Create(path, Private | Read | Run);

    public static void MakeRunnable(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | Run);
        }
    }

    private static void Create(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path, mode);

            // The umask may have taken rights away.
            File.SetUnixFileMode(path, mode);
        }
    }
}
