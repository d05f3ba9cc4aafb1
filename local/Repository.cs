namespace Millrace.Local;

/// <summary>Where the app's own files are: the folder with host.json and functions/, at or above this program.</summary>
internal static class Repository
{
    internal static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "host.json")) && Directory.Exists(Path.Combine(folder.FullName, "functions")))
            {
                return folder.FullName;
            }
        }

        // Published: host.json lies beside the program.
        return AppContext.BaseDirectory;
    }
}
