using System.Globalization;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Api.Requests;

/// <summary>What tasks can be looked for by: the same names in a query and in the filters of a bulk action.</summary>
internal static class TaskFilterFields
{
    /// <summary>Before the path of a value in the data: <c>data.customer.id=42</c>.</summary>
    internal const string DataPrefix = "data.";

    private const int MostPaths = 10;
    private const int LongestText = 500;

    /// <summary><c>status</c> comes first, for a list of one state does without it.</summary>
    internal static readonly string[] Names =
    [
        "status", "type", "task_name", "queue_name", "priority", "tag", "external_id", "error_type", "fingerprint", "created_after",
        "created_before", "q",
    ];

    /// <summary>The filter without its page; meaningless when it adds a fault.</summary>
    internal static TaskFilter Read(IReadOnlyDictionary<string, string> values, Faults faults) => new()
    {
        State = State(values, faults),
        WaitingOnly = IsWaiting(values),
        Type = TypeName(values, faults),
        QueueName = Text(values, "queue_name", faults),
        ExternalId = Text(values, "external_id", faults),
        Fingerprint = Text(values, "fingerprint", faults),
        Priority = Priority(values, faults),
        Tag = Text(values, "tag", faults),
        ErrorType = Text(values, "error_type", faults),
        CreatedAfter = Moment(values, "created_after", faults),
        CreatedBefore = Moment(values, "created_before", faults),
        Text = Text(values, "q", faults),
        Data = Paths(values, faults),
        Limit = TaskListQuery.DefaultLimit,
    };

    private static bool IsWaiting(IReadOnlyDictionary<string, string> values) =>
        values.TryGetValue("status", out var word) && word.Equals("waiting", StringComparison.OrdinalIgnoreCase);

    private static TaskState? State(IReadOnlyDictionary<string, string> values, Faults faults)
    {
        if (!values.TryGetValue("status", out var word) || IsWaiting(values))
        {
            return null;
        }

        var state = TaskStateWords.Parse(word);
        if (state is null)
        {
            faults.Add("status", $"Is not a status. Use one of {string.Join(", ", TaskStateWords.All)}, in any letter case; or waiting for those that are in no ticket yet.");
        }

        return state;
    }

    private static string? TypeName(IReadOnlyDictionary<string, string> values, Faults faults)
    {
        var alias = Text(values, "task_name", faults);
        var type = Text(values, "type", faults);
        if (type is not null && alias is not null && type != alias)
        {
            faults.Add("task_name", "Differs from type, and means the same. Give one of them.");
        }

        return type ?? alias;
    }

    private static string? Text(IReadOnlyDictionary<string, string> values, string name, Faults faults)
    {
        if (values.TryGetValue(name, out var text) && text.Length > LongestText)
        {
            faults.Add(name, $"Is longer than {LongestText} characters. Give a shorter one.");
        }

        return text;
    }

    private static short? Priority(IReadOnlyDictionary<string, string> values, Faults faults)
    {
        if (!values.TryGetValue("priority", out var text))
        {
            return null;
        }

        short? priority = short.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 10
            ? number
            : TaskNames.Priority(text);
        if (priority is null)
        {
            faults.Add("priority", TaskNames.PriorityRule);
        }

        return priority;
    }

    private static DateTimeOffset? Moment(IReadOnlyDictionary<string, string> values, string name, Faults faults)
    {
        if (!values.TryGetValue(name, out var text))
        {
            return null;
        }

        var moment = TextMoment.Read(text);
        if (moment is null)
        {
            faults.Add(name, TextMoment.Rule);
        }

        return moment;
    }

    private static List<DataPath> Paths(IReadOnlyDictionary<string, string> values, Faults faults)
    {
        List<DataPath> paths = [];
        foreach (var (name, value) in values.Where(static one => one.Key.StartsWith(DataPrefix, StringComparison.Ordinal)))
        {
            string[] path = name[DataPrefix.Length..].Split('.');
            if (path.Any(static key => key.Length == 0) || path.Length > MostPaths || name.Length > LongestText || value.Length > LongestText)
            {
                faults.Add(ShortText.Of(name, 60), $"Write data.key=value, or data.outer.inner=value, with up to {MostPaths} keys and {LongestText} characters.");
            }

            paths.Add(new DataPath(path, value));
        }

        if (paths.Count > MostPaths)
        {
            faults.Add("data", $"Give up to {MostPaths} paths.");
        }

        return paths;
    }
}
