namespace Millrace.Submit;

/// <summary>What is wrong with a task that was sent: sentences by field, all of them at once, as far as the request's budget goes.</summary>
internal sealed class Faults(FaultBudget budget)
{
    /// <summary>Where the number of those that are not told stands.</summary>
    internal const string Elsewhere = "…";

    private SortedDictionary<string, List<string>>? told;

    /// <summary>Of a request that has these alone.</summary>
    internal Faults()
        : this(new FaultBudget())
    {
    }

    /// <summary>Also true when there are some of which none is told.</summary>
    internal bool Any { get; private set; }

    internal void Add(string field, string sentence)
    {
        Any = true;
        if (!budget.TryTell(field, sentence))
        {
            return;
        }

        told ??= new(StringComparer.Ordinal);
        if (told.TryGetValue(field, out var sentences))
        {
            sentences.Add(sentence);
        }
        else
        {
            told[field] = [sentence];
        }
    }

    /// <summary>Those of this task that are told.</summary>
    internal Dictionary<string, string[]> Told() =>
        (told ?? []).ToDictionary(static fault => fault.Key, static fault => fault.Value.ToArray(), StringComparer.Ordinal);

    /// <summary>The faults of a whole request, with how many more there are.</summary>
    internal IReadOnlyDictionary<string, string[]> ByField()
    {
        var byField = Told();
        if (budget.More is { } more)
        {
            byField[Elsewhere] = [more];
        }

        return byField;
    }
}
