using System.Globalization;
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

    internal static readonly string[] Known = ["status", "task_name", "type", "queue_name", "limit", "cursor", "skip"];
    private static readonly string[] Passed = ["code", "clientId"];

    /// <summary>The filter that the query asks for; meaningless when it adds a fault.</summary>
    /// <param name="query">What was sent.</param>
    /// <param name="fixedState">A list of one state takes no <c>status</c>.</param>
    /// <param name="faults">Gets every fault.</param>
    internal static TaskFilter Read(IQueryCollection query, TaskState? fixedState, Faults faults)
    {
        var values = Values(query, fixedState is null ? Known : Known[1..], faults);
        return new TaskFilter(
            fixedState ?? State(values, faults),
            TypeName(values, faults),
            values.GetValueOrDefault("queue_name"),
            Before(values, faults),
            Number(values, "skip", 0, 0, MostSkipped, faults),
            Math.Min(Number(values, "limit", DefaultLimit, 1, int.MaxValue, faults), MostPerPage));
    }

    private static Dictionary<string, string> Values(IQueryCollection query, string[] known, Faults faults)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (var (name, given) in query)
        {
            if (Passed.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!known.Contains(name, StringComparer.Ordinal))
            {
                faults.Add(name, $"Is not a parameter of this list. Use {string.Join(", ", known)}.");
            }
            else if (given.Count > 1)
            {
                faults.Add(name, "Is given more than once. Give it once.");
            }
            else if (string.IsNullOrEmpty(given[0]) || given[0]!.Contains('\0', StringComparison.Ordinal))
            {
                faults.Add(name, "Has no value that can match. Leave it out or give it one.");
            }
            else
            {
                values.Add(name, given[0]!);
            }
        }

        return values;
    }

    private static TaskState? State(Dictionary<string, string> values, Faults faults)
    {
        if (!values.TryGetValue("status", out var word))
        {
            return null;
        }

        var state = TaskStateWords.Parse(word);
        if (state is null)
        {
            faults.Add("status", $"Is not a status. Use one of {string.Join(", ", TaskStateWords.All)}, in any letter case.");
        }

        return state;
    }

    private static string? TypeName(Dictionary<string, string> values, Faults faults)
    {
        var hasAlias = values.TryGetValue("task_name", out var alias);
        if (values.TryGetValue("type", out var type) && hasAlias && type != alias)
        {
            faults.Add("task_name", "Differs from type, and means the same. Give one of them.");
        }

        return type ?? alias;
    }

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

    private static int Number(Dictionary<string, string> values, string name, int otherwise, int least, int most, Faults faults)
    {
        if (!values.TryGetValue(name, out var text))
        {
            return otherwise;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return (int)number;
        }

        faults.Add(name, most == int.MaxValue
            ? $"Is not a whole number of {least} or more."
            : $"Is not a whole number from {least} to {most}. For later pages use cursor.");
        return otherwise;
    }
}
