using System.Globalization;
using System.Runtime.InteropServices;

namespace Millrace.Tests.Chaos.Places;

/// <summary>Signals to processes, and who is whose child. Linux.</summary>
internal static partial class Native
{
    internal const int Interrupt = 2;
    internal const int Quit = 3;
    internal const int Kill = 9;
    internal const int Terminate = 15;
    internal const int Continue = 18;
    internal const int Stop = 19;

    internal static void Send(int processId, int signal) => _ = SendSignal(processId, signal);

    /// <summary>The process and its children: a server and its sessions.</summary>
    internal static IReadOnlyList<int> Family(int parent) => [parent, .. Children(parent)];

    private static IEnumerable<int> Children(int parent) =>
        from folder in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(folder)
        where int.TryParse(name, CultureInfo.InvariantCulture, out _)
        let id = int.Parse(name, CultureInfo.InvariantCulture)
        where ParentOf(id) == parent
        select id;

    private static int? ParentOf(int id)
    {
        try
        {
            // The program's name stands in parentheses and may hold anything; the parent is the second field after it.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int processId, int signal);
}
