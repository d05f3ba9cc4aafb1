using Microsoft.AspNetCore.Http;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Submit;

namespace Millrace.Api;

/// <summary>Accepts tasks that were read, whatever form they came in, and answers for each: accepted, known already, or refused.</summary>
internal sealed class SubmitAnswers(TaskSubmitter submitter, TaskStore store)
{
    /// <summary>202 with the task; 200 with the first one's when its key was seen before.</summary>
    internal async Task<IResult> OneAsync(NewTask task, CancellationToken cancellation)
    {
        await submitter.Room.RefreshAsync(cancellation);
        if (!submitter.Room.TryTake(task.QueueName))
        {
            return Problems.QueueFull(task.QueueName, submitter.Room.MaxDepth(task.QueueName));
        }

        var accepted = await submitter.SubmitAsync(task, cancellation);
        return accepted.Of(task.Id) is { } clash
            ? await ClashAsync(clash, cancellation)
            : new JsonAnswer<SubmittedView>(StatusCodes.Status202Accepted, SubmittedView.From(task, accepted.At), ApiJson.Readable.SubmittedView)
            {
                Location = $"/api/v1/tasks/{task.Id}",
            };
    }

    /// <summary>207 with what became of each; with <paramref name="atomic"/> all of them or, when one is refused, none.</summary>
    internal async Task<IResult> ManyAsync(IReadOnlyList<SubmittedItem> sent, bool atomic, CancellationToken cancellation)
    {
        if (sent.Count > submitter.Options.MaxArrayItems)
        {
            return Problems.TooManyItems(sent.Count, submitter.Options.MaxArrayItems);
        }

        await submitter.Room.RefreshAsync(cancellation);
        ItemView[] items = [.. sent.Select(Judge)];
        if (atomic && items.Any(static item => item.Errors is not null))
        {
            return Problems.InvalidItems(items);
        }

        List<NewTask> tasks = [.. sent.Where((_, index) => items[index].Errors is null).Select(static item => item.Task!)];
        var accepted = tasks.Count == 0 ? default : await submitter.SubmitAsync(tasks, cancellation);
        if (accepted.Clashes is not null)
        {
            items = [.. items.Select(item => item.Id is { } id && accepted.Of(new TaskId(id)) is { } clash ? Clashed(item, clash) : item)];
        }

        return new JsonAnswer<ManyView>(StatusCodes.Status207MultiStatus, ManyView.From(items), ApiJson.Readable.ManyView);
    }

    /// <summary>The sentence for a key that another submission has.</summary>
    internal static string Mistake(KeyClash clash) =>
        $"'{clash.Key}' was used for task {clash.Original}, which is not the same. Use another, or send what was sent then.";

    private ItemView Judge(SubmittedItem sent, int index)
    {
        if (sent.Task is null)
        {
            return new ItemView(index, StatusCodes.Status400BadRequest, null, sent.Errors);
        }

        var queue = sent.Task.QueueName;
        return submitter.Room.TryTake(queue)
            ? new ItemView(index, StatusCodes.Status202Accepted, sent.Task.Id.Value, null)
            : new ItemView(index, StatusCodes.Status429TooManyRequests, null, Problems.Fault("queue_name", Problems.Full(queue, submitter.Room.MaxDepth(queue))));
    }

    private static ItemView Clashed(ItemView item, KeyClash clash) => clash.IsSame
        ? item with { Status = StatusCodes.Status200OK, Id = clash.Original.Value }
        : item with { Status = StatusCodes.Status409Conflict, Id = clash.Original.Value, Errors = Problems.Fault("key", Mistake(clash)) };

    private async Task<IResult> ClashAsync(KeyClash clash, CancellationToken cancellation)
    {
        if (!clash.IsSame)
        {
            return Problems.KeyReused(Mistake(clash));
        }

        return await store.FindAsync(clash.Original, cancellation) is { } original
            ? new JsonAnswer<TaskView>(StatusCodes.Status200OK, TaskView.From(original), ApiJson.Readable.TaskView)
            {
                Location = $"/api/v1/tasks/{clash.Original}",
                IsReplayed = true,
            }
            : Problems.OriginalGone(clash.Key, clash.Original.Value);
    }
}
