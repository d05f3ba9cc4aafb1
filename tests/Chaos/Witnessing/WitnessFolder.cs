using System.Text;

namespace Millrace.Tests.Chaos.Witnessing;

/// <summary>The records of all processes of a try. Read while they grow: a line counts once its end is there.</summary>
internal sealed class WitnessFolder(string folder)
{
    internal const string Extension = ".witness";

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> read = [];
    private readonly List<WitnessLine> lines = [];

    /// <summary>Everything that was written by now.</summary>
    internal IReadOnlyList<WitnessLine> Read()
    {
        lock (gate)
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*" + Extension))
            {
                ReadOn(file);
            }

            return [.. lines];
        }
    }

    private void ReadOn(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = read.GetValueOrDefault(file);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray();
        var end = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        read[file] = read.GetValueOrDefault(file) + end;
        lines.AddRange(Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(WitnessLine.Read));
    }
}
