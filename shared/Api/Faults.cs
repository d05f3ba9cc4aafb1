namespace Millrace.Api;

/// <summary>Everything that is wrong with a request, by field, so that all of it is answered at once.</summary>
internal sealed class Faults
{
    private readonly SortedDictionary<string, List<string>> found = new(StringComparer.Ordinal);

    internal bool Any => found.Count > 0;

    internal void Add(string field, string sentence)
    {
        if (!found.TryGetValue(field, out var sentences))
        {
            found.Add(field, sentences = []);
        }

        sentences.Add(sentence);
    }

    internal IReadOnlyDictionary<string, string[]> ByField() => found.ToDictionary(static f => f.Key, static f => f.Value.ToArray());
}
