namespace Millrace.Submit;

/// <summary>What is wrong with a task that was sent: sentences by field, all of them at once.</summary>
internal sealed class Faults
{
    private readonly SortedDictionary<string, List<string>> faults = new(StringComparer.Ordinal);

    internal bool Any => faults.Count > 0;

    internal void Add(string field, string sentence)
    {
        if (!faults.TryGetValue(field, out var sentences))
        {
            faults[field] = sentences = [];
        }

        sentences.Add(sentence);
    }

    internal IReadOnlyDictionary<string, string[]> ByField() =>
        faults.ToDictionary(static fault => fault.Key, static fault => fault.Value.ToArray(), StringComparer.Ordinal);
}
