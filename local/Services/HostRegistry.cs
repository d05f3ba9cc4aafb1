using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services;

/// <summary>
/// The hosts that use one data directory, a file each, named by process. A host that was killed leaves its file; the mark in it tells
/// that its process is gone. Used under the directory's lock.
/// </summary>
internal sealed class HostRegistry(string directory)
{
    private static int last;

    private readonly string own = Path.Combine(directory, $"{Environment.ProcessId}-{Interlocked.Increment(ref last)}");

    public void Enter() => File.WriteAllText(own, ProcessMark.Of(Environment.ProcessId)?.Text ?? "");

    public void Leave() => File.Delete(own);

    /// <summary>The process ids of the other hosts that are alive; files of dead ones are removed on the way.</summary>
    public IReadOnlyList<int> Others()
    {
        var alive = new List<int>();
        foreach (var file in Directory.EnumerateFiles(directory).Where(file => file != own).ToArray())
        {
            if (ProcessMark.Parse(File.ReadAllText(file)) is { } mark && mark.IsAlive())
            {
                alive.Add(mark.Id);
            }
            else
            {
                File.Delete(file);
            }
        }

        return alive;
    }
}
