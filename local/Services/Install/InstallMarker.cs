namespace Millrace.Local.Services.Install;

/// <summary>
/// A folder of installed programs is filled under another name, marked and moved into its place at the end, so a folder without the
/// right mark is half finished or of other versions, and is made anew.
/// </summary>
internal sealed class InstallMarker(string folder, string versions)
{
    private const string FileName = ".installed";

    public string Folder => folder;

    /// <summary>
    /// Where the installation happens before it is complete. An installer whose host was killed may still be writing into its
    /// own.
    /// </summary>
    public string Partial => $"{folder}.partial-{Environment.ProcessId}";

    public bool IsComplete
    {
        get
        {
            var file = Path.Combine(folder, FileName);
            return File.Exists(file) && File.ReadAllText(file) == versions;
        }
    }

    /// <summary>Removes what an earlier, broken installation left, and makes an empty <see cref="Partial"/>.</summary>
    public void Begin()
    {
        var pattern = $"{Path.GetFileName(folder)}.partial-*";
        foreach (var broken in Directory.EnumerateDirectories(Path.GetDirectoryName(folder)!, pattern).ToArray())
        {
            Clear(broken);
        }

        Directory.CreateDirectory(Partial);
    }

    /// <summary>Moves <paramref name="source"/>, a part of <see cref="Partial"/> or all of it, into place.</summary>
    public void Complete(string source)
    {
        File.WriteAllText(Path.Combine(source, FileName), versions);
        Clear(folder);
        Directory.Move(source, folder);
        Clear(Partial);
    }

    private static void Clear(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
