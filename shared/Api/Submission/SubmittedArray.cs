using System.Text.Json;
using Millrace.Submit;

namespace Millrace.Api.Submission;

/// <summary>
/// The tasks of an array, judged while they are read: items beyond the most that may come in one array are counted and not kept, and no more faults are kept
/// than are told. So what is in memory is a small multiple of the body, whatever that holds.
/// </summary>
internal sealed class SubmittedArray
{
    private readonly List<SubmittedItem> items = [];

    /// <summary>Reads the item that <paramref name="reader"/> stands on.</summary>
    internal delegate SubmittedItem ReadItem(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, int index, Faults faults);

    /// <summary>The items, up to the most that may come in one array.</summary>
    internal IReadOnlyList<SubmittedItem> Items => items;

    /// <summary>How many items the array has.</summary>
    internal int Count { get; private set; }

    /// <summary>Reads an array and nothing else.</summary>
    /// <param name="body">The JSON; it begins with the array.</param>
    /// <param name="mostItems">How many may come in one array.</param>
    /// <param name="budget">How many faults are told.</param>
    /// <param name="read">Reads one of them.</param>
    /// <exception cref="JsonException">The body is not JSON, an item is no object, or something follows the array.</exception>
    internal static SubmittedArray Read(ReadOnlySpan<byte> body, int mostItems, FaultBudget budget, ReadItem read)
    {
        var array = new SubmittedArray();
        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (array.Count < mostItems)
            {
                array.items.Add(read(ref reader, body, array.Count, new Faults(budget)));
            }
            else
            {
                reader.Skip();
            }

            array.Count++;
        }

        // Anything after the array is a fault, and the reader says so.
        while (reader.Read())
        {
        }

        return array;
    }
}
