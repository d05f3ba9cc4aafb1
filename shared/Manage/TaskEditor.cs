using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Inspect;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Manage;

/// <summary>Changes tasks that wait. One that is in a ticket, or has ended, stays as it is (409).</summary>
public sealed class TaskEditor
{
    private static readonly string[] Editable = ["data", "priority", "scheduled_at", "delay_seconds"];
    private static readonly string[] DueTime = ["scheduled_at", "delay_seconds"];
    private static readonly string[] PriorityOnly = ["priority"];

    private const short Highest = 10;

    private readonly TaskStore store;
    private readonly Action<string> nudge;
    private readonly int largest;

    /// <param name="store">Where the tasks are.</param>
    /// <param name="nudge">Is told of a queue whose work has changed.</param>
    /// <param name="largest">The largest task, in bytes.</param>
    internal TaskEditor(TaskStore store, Action<string> nudge, int largest)
    {
        this.store = store;
        this.nudge = nudge;
        this.largest = largest;
    }

    /// <summary><c>data</c>, <c>priority</c>, the due time; with <c>If-Match</c> only while it is the version that was read (412).</summary>
    public Task<IResult> EditAsync(string id, HttpRequest request, CancellationToken cancellation) =>
        ChangeAsync(id, request, Editable, largest, cancellation);

    /// <summary>The due time alone.</summary>
    public Task<IResult> RescheduleAsync(string id, HttpRequest request, CancellationToken cancellation) =>
        ChangeAsync(id, request, DueTime, TaskChange.UsualLargest, cancellation);

    /// <summary>Raises the priority: to 10, or to what the body says. Never lowers it.</summary>
    public Task<IResult> BoostAsync(string id, HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            if (!Guid.TryParse(id, out var value))
            {
                return Problems.InvalidId(id);
            }

            var faults = new Faults();
            var (change, refused) = await TaskChange.ReadAsync(request, PriorityOnly, TaskChange.UsualLargest, faults, cancellation);
            if (refused is not null || faults.Any)
            {
                return refused ?? Problems.InvalidEdit(faults.ByField());
            }

            var boosted = await store.BoostAsync([new TaskId(value)], change.Priority ?? Highest, cancellation);
            return await AnswerAsync(new TaskId(value), boosted.Count > 0 ? EditEffect.Edited : EditEffect.Unneeded, cancellation);
        });
    }

    private Task<IResult> ChangeAsync(string id, HttpRequest request, string[] fields, int most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            if (!Guid.TryParse(id, out var value))
            {
                return Problems.InvalidId(id);
            }

            var faults = new Faults();
            var (change, refused) = await TaskChange.ReadAsync(request, fields, most, faults, cancellation);
            if (refused is not null)
            {
                return refused;
            }

            var edit = change.ToEdit();
            if (edit.IsEmpty && !faults.Any)
            {
                faults.Add("body", $"It changes nothing. Give {string.Join(", ", fields)}, at least one of them.");
            }

            if (change.Data is not null && await store.FindAsync(new TaskId(value), cancellation) is { } task)
            {
                change.CheckFor(task.Type, faults);
            }

            return faults.Any ? Problems.InvalidEdit(faults.ByField()) : await ChangeAsync(new TaskId(value), request, edit, cancellation);
        });
    }

    private async Task<IResult> ChangeAsync(TaskId id, HttpRequest request, TaskEdit edit, CancellationToken cancellation)
    {
        var hasCondition = TaskTag.TryReadCondition(request.Headers.IfMatch, out var version);
        return await AnswerAsync(id, await store.EditAsync(id, hasCondition ? version : null, edit, cancellation), cancellation);
    }

    private async Task<IResult> AnswerAsync(TaskId id, EditEffect effect, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } task)
        {
            return Problems.TaskNotFound(id.Value);
        }

        switch (effect)
        {
            case EditEffect.Edited:
                nudge(task.QueueName);
                return TaskInspector.Answer(StatusCodes.Status200OK, task);
            case EditEffect.Changed:
                return Problems.VersionChanged(id.Value, TaskTag.Of(task));
            case EditEffect.Unneeded when task.State is TaskState.Blocked or TaskState.Scheduled or TaskState.Pending or TaskState.Retrying:
                return TaskInspector.Answer(StatusCodes.Status200OK, task);
            case EditEffect.None or EditEffect.Claimed or EditEffect.Unneeded:
                return Problems.NotWaiting(id.Value, task.State.Word());
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
