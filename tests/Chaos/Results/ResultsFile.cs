using System.Text.Json;

namespace Millrace.Tests.Chaos.Results;

/// <summary>
/// The finished tries of a commit, one JSON line each, appended as they end. A run that was cut short goes on behind them; half a line,
/// which a kill may leave, counts as none.
/// </summary>
internal sealed class ResultsFile(string path)
{
    private readonly Lock gate = new();

    internal string Path => path;

    internal static ResultsFile Of(string folder, string commit) => new(System.IO.Path.Combine(Directory.CreateDirectory(folder).FullName, $"{commit}.jsonl"));

    internal IReadOnlyList<TryResult> Read()
    {
        lock (gate)
        {
            return File.Exists(path) ? [.. File.ReadAllLines(path).Select(Parse).OfType<TryResult>()] : [];
        }
    }

    internal void Append(TryResult result)
    {
        lock (gate)
        {
            // A line of its own, even behind half a line.
            var start = File.Exists(path) && File.ReadAllText(path) is [.., not '\n'] ? "\n" : "";
            File.AppendAllText(path, start + JsonSerializer.Serialize(result, ResultsJson.Default.TryResult) + "\n");
        }
    }

    private static TryResult? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ResultsJson.Default.TryResult);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
