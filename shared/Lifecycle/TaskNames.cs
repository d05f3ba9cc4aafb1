using System.Buffers;

namespace Millrace.Lifecycle;

/// <summary>What may be the name of a type or a queue, and the words for priorities.</summary>
internal static class TaskNames
{
    internal const int LongestQueueName = 100;
    internal const int LongestType = 200;

    /// <summary>Types that Millrace submits to itself. Nobody else can.</summary>
    internal const string OwnPrefix = "millrace.";

    /// <summary>The queue of what Millrace submits to itself.</summary>
    internal const string OwnQueue = "millrace";

    /// <summary>What to write, when a priority is none.</summary>
    internal const string PriorityRule = "Write a whole number from 1 to 10, or low, normal, high or critical.";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/-");

    internal static bool IsName(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && !text.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>What to write, when a name is none.</summary>
    internal static string Rule(int longest) => $"Write 1 to {longest} letters, digits, '.', '_', ':', '/' or '-'.";

    /// <summary>Null when the word is none.</summary>
    internal static short? Priority(string word) => word switch
    {
        "low" => 2,
        "normal" => 5,
        "high" => 8,
        "critical" => 10,
        _ => null,
    };
}
