namespace Millrace.Api.OpenApi;

/// <summary>One task, and lists of them.</summary>
internal static class TaskOperations
{
    private const string Topic = "Tasks";

    internal static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("InspectTasks", "GET", "/api/v1/tasks", Topic, "A page of tasks, newest first.")
        {
            Alias = ("InspectTasksAlias", "/tasks"),
            Query = ListParameters.All,
            Answers = [new(200, "The page.", ApiJson.Readable.TaskListView)],
            Problems = [ApiProblems.InvalidQuery],
        },
        new("InspectTask", "GET", "/api/v1/tasks/{id}", Topic, "One task with everything.")
        {
            Alias = ("InspectTaskAlias", "/tasks/{id}"),
            Answers = [new(200, "The task.", ApiJson.Readable.TaskView)],
            Problems = [ApiProblems.InvalidId, ApiProblems.TaskNotFound],
        },
        new("CancelTask", "POST", "/api/v1/tasks/{id}/cancel", Topic, "Ends what waits, asks what runs.")
        {
            Alias = ("CancelTaskAlias", "/tasks/{id}/cancel"),
            Answers =
            [
                new(200, "It is cancelled.", ApiJson.Readable.TaskView),
                new(202, "Its executor is asked to stop.", ApiJson.Readable.TaskView),
            ],
            Problems = [ApiProblems.InvalidId, ApiProblems.TaskNotFound, ApiProblems.NotCancellable, ApiProblems.Restless],
        },
    ];
}
