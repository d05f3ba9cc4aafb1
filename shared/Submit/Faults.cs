using System.Globalization;

namespace Millrace.Submit;

/// <summary>What is wrong with a task that was sent: sentences by field, all of them at once, as far as anybody would read them.</summary>
internal sealed class Faults
{
    /// <summary>A request of a megabyte can have a hundred thousand unknown fields, and an answer must not be larger than its request.</summary>
    internal const int MostFields = 100;

    private readonly SortedDictionary<string, List<string>> faults = new(StringComparer.Ordinal);

    private int untold;

    internal bool Any => faults.Count > 0;

    internal void Add(string field, string sentence)
    {
        if (faults.TryGetValue(field, out var sentences))
        {
            sentences.Add(sentence);
        }
        else if (faults.Count < MostFields)
        {
            faults[field] = [sentence];
        }
        else
        {
            untold++;
        }
    }

    internal IReadOnlyDictionary<string, string[]> ByField()
    {
        var told = faults.ToDictionary(static fault => fault.Key, static fault => fault.Value.ToArray(), StringComparer.Ordinal);
        if (untold > 0)
        {
            told["…"] = [string.Create(CultureInfo.InvariantCulture, $"There are faults in {untold} more places.")];
        }

        return told;
    }
}
