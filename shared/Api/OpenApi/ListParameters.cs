using Millrace.Api.Requests;
using Millrace.Store;

namespace Millrace.Api.OpenApi;

/// <summary>The query of a list of tasks: the names that its reader knows, with their shapes.</summary>
internal static class ListParameters
{
    /// <summary>What tasks can be looked for by. Beside them there are paths of the data: <c>data.customer.id=42</c>.</summary>
    internal static IReadOnlyList<ApiParameter> Filters { get; } = [.. TaskFilterFields.Names.Select(Describe)];

    /// <summary>How many to show at most.</summary>
    internal static ApiParameter Limit { get; } = Describe("limit");

    /// <summary>Where the page before ended.</summary>
    internal static ApiParameter Cursor { get; } = Describe("cursor");

    internal static IReadOnlyList<ApiParameter> All { get; } = [.. TaskListQuery.Known.Select(Describe)];

    /// <summary>Of a list of one status.</summary>
    internal static IReadOnlyList<ApiParameter> WithoutStatus { get; } = [.. All.Where(static one => one.Name != "status")];

    internal static IReadOnlyList<ApiParameter> FiltersWithoutStatus { get; } = [.. Filters.Where(static one => one.Name != "status")];

    private static ApiParameter Describe(string name) => name switch
    {
        "status" => new(name, Shape.Word([.. TaskStateWords.All, "waiting"]), "Only tasks in this status, in any letter case; waiting is all that is in no ticket yet."),
        "type" => new(name, Shape.Text(1), "Only tasks of this type."),
        "task_name" => new(name, Shape.Text(1), "Another word for type."),
        "queue_name" => new(name, Shape.Text(1), "Only tasks of this queue."),
        "priority" => new(name, Shape.Priority(), "Only tasks of this priority."),
        "tag" => new(name, Shape.Text(1), "Only tasks that have this tag."),
        "external_id" => new(name, Shape.Text(1), "The task of this external_id."),
        "error_type" => new(name, Shape.Text(1), "Only tasks whose last attempt failed with this type of error."),
        "fingerprint" => new(name, Shape.Text(1), "Only tasks that failed in this way: see /api/v1/failures."),
        "created_after" => new(name, Shape.Moment(), "Only tasks accepted at this time or later."),
        "created_before" => new(name, Shape.Moment(), "Only tasks accepted before this time."),
        "q" => new(name, Shape.Text(1), "Only tasks with this text in the error of an attempt, in any letter case. Values in the data are looked for by data.key=value."),
        "limit" => new(
            name, Shape.Whole(1, null, TaskListQuery.DefaultLimit), $"How many at most; more than {TaskListQuery.MostPerPage} is {TaskListQuery.MostPerPage}."),
        "cursor" => new(name, Shape.Text(1), "The next_cursor of the page before."),
        "skip" => new(name, Shape.Whole(0, TaskListQuery.MostSkipped, 0), "How many to pass over before the first page; a cursor counts them in."),
        _ => throw new ArgumentException($"The parameter {name} has no description. Give it one here.", nameof(name)),
    };
}
