using System.Diagnostics;
using Millrace.Local.Services;
using Millrace.Local.Services.Processes;

namespace Millrace.Tests.Chaos.Places;

/// <summary>
/// A process that outlives this one, however that ends, and then kills whatever it has left behind. It waits at a pipe that only this
/// process holds open.
/// </summary>
internal sealed class Keeper : IDisposable
{
    /// <summary>The program's argument that makes it one. The next one names the folder of the run.</summary>
    internal const string Word = "keep";

    private const string Marks = "processes.txt";
    private const string Mounts = "mounts.txt";

    private readonly Lock gate = new();
    private readonly string folder;
    private readonly Process process;

    private Keeper(string folder, Process process) => (this.folder, this.process) = (folder, process);

    internal static Keeper Start(string folder)
    {
        // In a session of its own: Ctrl-C in the terminal must not reach it before it has done its work.
        var start = new ProcessStartInfo("setsid", [Executable.Dotnet(), typeof(Keeper).Assembly.Location, Word, folder]) { RedirectStandardInput = true };
        return new(folder, Process.Start(start) ?? throw new InvalidOperationException("The keeper could not be started. Check that setsid can be run."));
    }

    internal void Watch(ProcessMark process) => Note(Marks, process.Text);

    internal void WatchMount(string path) => Note(Mounts, path);

    /// <summary>Lets it do its work: everything that is still there ends.</summary>
    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit(TimeSpan.FromSeconds(20));
        process.Dispose();
    }

    /// <summary>The keeper's own life.</summary>
    internal static async Task<int> RunAsync(string folder)
    {
        while (await Console.In.ReadLineAsync() is not null)
        {
            // Nothing is ever said; the end of the pipe is the message.
        }

        foreach (var mark in Noted(folder, Marks).Select(ProcessMark.Parse).Concat(Servers(folder)))
        {
            if (mark is not null && mark.IsAlive())
            {
                foreach (var id in Native.Family(mark.Id).Reverse())
                {
                    Native.Send(id, Native.Kill);
                }
            }
        }

        foreach (var mount in Noted(folder, Mounts).Where(Directory.Exists))
        {
            using var unmount = Process.Start("umount", ["-l", mount]);
            await unmount.WaitForExitAsync();
        }

        return 0;
    }

    private static IEnumerable<ProcessMark?> Servers(string folder) =>
        from state in Directory.EnumerateFiles(folder, "state.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 }).ToArray()
        from kind in Enum.GetValues<ServerKind>()
        select new ServerStateFile(state).Find(kind)?.Process;

    private static string[] Noted(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }

    private void Note(string file, string line)
    {
        lock (gate)
        {
            File.AppendAllText(Path.Combine(folder, file), line + "\n");
        }
    }
}
