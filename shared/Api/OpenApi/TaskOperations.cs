using System.Text.Json.Nodes;
using Millrace.Api.Answers;
using Millrace.Api.Views;

namespace Millrace.Api.OpenApi;

/// <summary>One task, and lists of them.</summary>
internal static class TaskOperations
{
    private const string Topic = "Tasks";

    private static readonly ApiProblem[] Changing =
    [
        ApiProblems.InvalidId, ApiProblems.InvalidJson, ApiProblems.TaskNotFound, ApiProblems.BodyTooLarge, ApiProblems.UnsupportedMediaType,
    ];

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
        new("SearchTasks", "GET", "/api/v1/search/tasks", Topic, "The same list, under the name that searches go by.")
        {
            Query = ListParameters.All,
            Answers = [new(200, "The page.", ApiJson.Readable.TaskListView)],
            Problems = [ApiProblems.InvalidQuery],
        },
        new("SearchPreset", "GET", "/api/v1/search/presets/{name}", Topic, "What operators look for first; the worst comes first.")
        {
            Query = [ListParameters.Limit],
            Answers = [new(200, "The tasks; there is no further page.", ApiJson.Readable.TaskListView)],
            Problems = [ApiProblems.PresetNotFound, ApiProblems.InvalidQuery],
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
        new("EditTask", "PATCH", "/api/v1/tasks/{id}", Topic, "Changes data, priority or due time of a task that waits.")
        {
            Headers = [new("If-Match", Shape.Text(), "The ETag of the version that was read; another one is not changed.")],
            Bodies = [new(Shape.Named(ApiBodies.Edit))],
            Answers = [new(200, "The task as it is now.", ApiJson.Readable.TaskView)],
            Problems = [.. Changing, ApiProblems.InvalidEdit, ApiProblems.NotWaiting, ApiProblems.VersionChanged],
        },
        new("RescheduleTask", "POST", "/api/v1/tasks/{id}/reschedule", Topic, "Gives a task that waits another due time.")
        {
            Headers = [new("If-Match", Shape.Text(), "The ETag of the version that was read; another one is not changed.")],
            Bodies = [new(Shape.Named(ApiBodies.DueTime))],
            Answers = [new(200, "The task as it is now.", ApiJson.Readable.TaskView)],
            Problems = [.. Changing, ApiProblems.InvalidEdit, ApiProblems.NotWaiting, ApiProblems.VersionChanged],
        },
        new("BoostTask", "POST", "/api/v1/tasks/{id}/boost-priority", Topic, "Raises the priority of a task that waits; never lowers it.")
        {
            Bodies = [new(Shape.Named(ApiBodies.Boost)) { IsOptional = true }],
            Answers = [new(200, "The task as it is now.", ApiJson.Readable.TaskView)],
            Problems = [.. Changing, ApiProblems.InvalidEdit, ApiProblems.NotWaiting],
        },
        new("ReplayTask", "POST", "/api/v1/tasks/{id}/replay", Topic, "Runs an ended task again, under its id.")
        {
            Bodies = [new(Shape.Named(ApiBodies.Replay)) { IsOptional = true }],
            Answers = [new(202, "The task, live again.", ApiJson.Readable.TaskView)],
            Problems = [.. Changing, ApiProblems.InvalidRetry, ApiProblems.NotEnded, ApiProblems.Restless],
        },
        new("TaskExplain", "GET", "/api/v1/tasks/{id}/explain", Topic, "Why it is not running: what blocks first comes first.")
        {
            Answers = [new(200, "The reasons.", ApiJson.Readable.ExplainView)],
            Problems = [ApiProblems.InvalidId, ApiProblems.TaskNotFound],
        },
        new("TaskResult", "GET", "/api/v1/tasks/{id}/result", Topic, "What came of it; waits for that, when asked to.")
        {
            Query = [new("wait", Shape.Text(1).With("examples", new JsonArray("30s")), "How long to wait for its end: 30s, 500ms or plain seconds, up to 60 s.")],
            Answers =
            [
                new(200, "It has ended.", ApiJson.Readable.ResultView),
                new(202, "Not yet; ask again after Retry-After.", ApiJson.Readable.ResultView),
            ],
            Problems = [ApiProblems.InvalidId, ApiProblems.InvalidQuery, ApiProblems.TaskNotFound, ApiProblems.TooManyWait],
        },
        new("TaskLogs", "GET", "/api/v1/tasks/{id}/logs", Topic, "What its handler logged, in order.")
        {
            Query =
            [
                ListParameters.Limit, new("cursor", Shape.Text(1), "The next_cursor of the page before."),
                new("level", Shape.Text(1).With("examples", new JsonArray("warning")), "Only lines of this level and graver ones."),
            ],
            Answers = [new(200, "The page.", ApiJson.Readable.LogListView)],
            Problems = [ApiProblems.InvalidId, ApiProblems.InvalidQuery, ApiProblems.TaskNotFound],
        },
    ];
}
