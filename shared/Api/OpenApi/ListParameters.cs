using Millrace.Store;

namespace Millrace.Api.OpenApi;

/// <summary>The query of a list of tasks: the names that its reader knows, with their shapes.</summary>
internal static class ListParameters
{
    internal static IReadOnlyList<ApiParameter> All { get; } = [.. TaskListQuery.Known.Select(Describe)];

    /// <summary>Of a list of one status.</summary>
    internal static IReadOnlyList<ApiParameter> WithoutStatus { get; } = [.. All.Where(static one => one.Name != "status")];

    private static ApiParameter Describe(string name) => name switch
    {
        "status" => new(name, Shape.Word([.. TaskStateWords.All]), "Only tasks that are in this status; any letter case."),
        "type" => new(name, Shape.Text(1), "Only tasks of this type."),
        "task_name" => new(name, Shape.Text(1), "Another word for type."),
        "queue_name" => new(name, Shape.Text(1), "Only tasks of this queue."),
        "limit" => Limit(name),
        "cursor" => new(name, Shape.Text(1), "The next_cursor of the page before."),
        "skip" => new(name, Shape.Whole(0, TaskListQuery.MostSkipped, 0), "How many to pass over; for later pages use cursor."),
        _ => new(name, Shape.Text(1), "Only tasks that have this."),
    };

    private static ApiParameter Limit(string name) => new(
        name, Shape.Whole(1, null, TaskListQuery.DefaultLimit), $"How many at most; more than {TaskListQuery.MostPerPage} is {TaskListQuery.MostPerPage}.");
}
