using Microsoft.AspNetCore.Http;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Submit;

namespace Millrace.Api;

/// <summary>The query parameters of every list of tasks. <c>code</c> and <c>clientId</c> belong to the function key and pass.</summary>
internal static class TaskListQuery
{
    internal const int DefaultLimit = 100;
    internal const int MostPerPage = 1_000;
    internal const int MostSkipped = 10_000;

    /// <summary>What every list takes beside its filters.</summary>
    internal static readonly string[] Paging = ["limit", "cursor", "skip"];

    /// <summary>What a list of tasks in any status takes, beside paths of the data.</summary>
    internal static readonly string[] Known = [.. TaskFilterFields.Names, .. Paging];

    private static readonly string[] Passed = ["code", "clientId"];

    /// <summary>The filter that the query asks for; meaningless when it adds a fault.</summary>
    /// <param name="query">What was sent.</param>
    /// <param name="fixedState">A list of one state takes no <c>status</c>.</param>
    /// <param name="faults">Gets every fault.</param>
    internal static TaskFilter Read(IQueryCollection query, TaskState? fixedState, Faults faults)
    {
        var filters = fixedState is null ? TaskFilterFields.Names : TaskFilterFields.Names[1..];
        var values = Values(query, [.. filters, .. Paging], TaskFilterFields.DataPrefix, faults);
        var filter = TaskFilterFields.Read(values, faults) with
        {
            Before = Before(values, faults),
            Skip = QueryNumber.Read(values, "skip", 0, 0, MostSkipped, faults),
            Limit = Math.Min(QueryNumber.Read(values, "limit", DefaultLimit, 1, int.MaxValue, faults), MostPerPage),
        };
        return fixedState is null ? filter : filter with { State = fixedState };
    }

    /// <summary>Each parameter's one value. Unknown, repeated and empty ones are faults.</summary>
    internal static Dictionary<string, string> Values(IQueryCollection query, string[] known, string? knownPrefix, Faults faults)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (var (name, given) in query)
        {
            if (Passed.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!known.Contains(name, StringComparer.Ordinal) && !(knownPrefix is not null && name.StartsWith(knownPrefix, StringComparison.Ordinal)))
            {
                faults.Add(Shown(name), known.Length == 0 ? "This route takes no parameters." : $"Is not a parameter here. Use {string.Join(", ", known)}.");
            }
            else if (given.Count > 1)
            {
                faults.Add(Shown(name), "Is given more than once. Give it once.");
            }
            else if (string.IsNullOrEmpty(given[0]) || !IsText(given[0]!) || !IsText(name))
            {
                faults.Add(Shown(name), "Has no value that can match. Leave it out or give it one.");
            }
            else
            {
                values.Add(name, given[0]!);
            }
        }

        return values;
    }

    /// <summary>Whether PostgreSQL can hold the text.</summary>
    internal static bool IsText(string text) => text.EnumerateRunes().All(static rune => rune.Value is not (0 or 0xFFFD));

    private static string Shown(string name) => name.Length <= 60 ? name : string.Concat(name.AsSpan(0, 60), "…");

    private static TaskId? Before(Dictionary<string, string> values, Faults faults)
    {
        if (!values.TryGetValue("cursor", out var text))
        {
            return null;
        }

        var before = PageCursor.Read(text);
        if (before is null)
        {
            faults.Add("cursor", "Is not a cursor. Use the next_cursor of the page before, or leave it out for the first page.");
        }

        return before;
    }
}
