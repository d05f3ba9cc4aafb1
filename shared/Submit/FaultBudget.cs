using System.Globalization;

namespace Millrace.Submit;

/// <summary>
/// How many faults of one request are told, in whatever form it came and however many tasks it holds. The others are counted: an answer must not be
/// larger than its request, and nobody mends more than these at once.
/// </summary>
internal sealed class FaultBudget
{
    /// <summary>The most faults that are told.</summary>
    internal const int MostFaults = 100;

    /// <summary>The most bytes of the answer that fields and sentences take together.</summary>
    internal const int MostBytes = 49_152;

    private int told;
    private int bytes;

    /// <summary>Faults that are not told.</summary>
    internal long Untold { get; private set; }

    /// <summary>What stands in the place of the untold ones; null when all are told.</summary>
    internal string? More => Untold == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"And {Untold:N0} more faults. Mend those that are told first.");

    /// <summary>False when this one is only counted.</summary>
    internal bool TryTell(string field, string sentence)
    {
        if (told < MostFaults && bytes < MostBytes && bytes + Size(field) + Size(sentence) <= MostBytes)
        {
            bytes += Size(field) + Size(sentence);
            told++;
            return true;
        }

        // A short one behind a long one is not told either: faults are told in their order.
        bytes = MostBytes;
        Untold++;
        return false;
    }

    /// <summary>One fault of one field; null when it is only counted.</summary>
    internal IReadOnlyDictionary<string, string[]>? Of(string field, string sentence) => TryTell(field, sentence)
        ? new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [sentence] }
        : null;

    /// <summary>No less than what it takes in the answer: as JSON in UTF-8, where a control character or half of a pair is written as six.</summary>
    private static int Size(string text)
    {
        var size = 0;
        foreach (var c in text)
        {
            size += c switch
            {
                '"' or '\\' => 2,
                >= ' ' and < '\u007F' => 1,
                _ when char.IsControl(c) || char.IsSurrogate(c) => 6,
                _ => 3,
            };
        }

        return size;
    }
}
