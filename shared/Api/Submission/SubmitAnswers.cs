using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Views;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Api.Submission;

/// <summary>Accepts tasks that were read, whatever form they came in, and answers for each: accepted, known already, or refused.</summary>
internal sealed class SubmitAnswers(TaskSubmitter submitter, TaskStore store)
{
    private static readonly Dictionary<TaskId, int> NoPlaces = [];

    /// <summary>202 with the task; 200 with the first one's when its key was seen before, even when the queue is full.</summary>
    internal async Task<IResult> OneAsync(NewTask task, CancellationToken cancellation)
    {
        await submitter.Room.RefreshAsync(cancellation);
        if (!submitter.Room.TryTake(task.QueueName))
        {
            return (await submitter.KnownAsync([task], cancellation)).TryGetValue(task.Id, out var known)
                ? await ClashAsync(known, cancellation)
                : Problems.QueueFull(task.QueueName, submitter.Room.MaxDepth(task.QueueName));
        }

        var accepted = await submitter.SubmitAsync(task, cancellation);
        if (accepted.Of(task.Id) is { } clash)
        {
            submitter.Room.Return(task.QueueName);
            return await ClashAsync(clash, cancellation);
        }

        return new JsonAnswer<SubmittedView>(StatusCodes.Status202Accepted, SubmittedView.From(task, accepted.At), ApiJson.Readable.SubmittedView)
        {
            Location = $"/api/v1/tasks/{task.Id}",
        };
    }

    /// <summary>207 with what became of each; with <paramref name="atomic"/> all of them or, when one is refused, none.</summary>
    internal Task<IResult> ManyAsync(SubmittedArray array, FaultBudget budget, bool atomic, CancellationToken cancellation) =>
        array.Count > submitter.Options.MaxArrayItems
            ? Task.FromResult<IResult>(Problems.TooManyItems(array.Count, submitter.Options.MaxArrayItems))
            : ManyAsync(array.Items, budget, atomic, cancellation);

    /// <summary>The same of items that were read.</summary>
    internal async Task<IResult> ManyAsync(IReadOnlyList<SubmittedItem> sent, FaultBudget budget, bool atomic, CancellationToken cancellation)
    {
        await submitter.Room.RefreshAsync(cancellation);
        ItemView[] items = [.. sent.Select(Judge)];
        await FindKnownAsync(sent, items, budget, cancellation);
        List<NewTask> tasks = [.. sent.Where((_, index) => items[index].Status == StatusCodes.Status202Accepted).Select(static item => item.Task!)];
        if (atomic && Refusal(items, budget) is { } refusal)
        {
            tasks.ForEach(task => submitter.Room.Return(task.QueueName));
            return refusal;
        }

        if (tasks.Count > 0)
        {
            var accepted = atomic ? await submitter.SubmitAllOrNoneAsync(tasks, cancellation) : await submitter.SubmitAsync(tasks, cancellation);
            Settle(sent, items, accepted, budget, atomic);
        }

        return atomic && Refusal(items, budget) is { } clashed
            ? clashed
            : new JsonAnswer<ManyView>(StatusCodes.Status207MultiStatus, ManyView.From(items, budget.More), ApiJson.Readable.ManyView);
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
            : new ItemView(index, StatusCodes.Status429TooManyRequests, null, null);
    }

    /// <summary>A full queue refuses what is new; what was accepted before is told as that.</summary>
    private async Task FindKnownAsync(IReadOnlyList<SubmittedItem> sent, ItemView[] items, FaultBudget budget, CancellationToken cancellation)
    {
        List<NewTask> crowded = [.. sent.Where((_, index) => items[index].Status == StatusCodes.Status429TooManyRequests).Select(static item => item.Task!)];
        var known = await submitter.KnownAsync(crowded, cancellation);
        for (var i = 0; crowded.Count > 0 && i < items.Length; i++)
        {
            if (items[i].Status == StatusCodes.Status429TooManyRequests)
            {
                var task = sent[i].Task!;
                items[i] = known.TryGetValue(task.Id, out var clash)
                    ? Clashed(items[i], clash, NoPlaces, budget)
                    : items[i] with { Errors = budget.Of("queue_name", Problems.Full(task.QueueName, submitter.Room.MaxDepth(task.QueueName))) };
            }
        }
    }

    private void Settle(IReadOnlyList<SubmittedItem> sent, ItemView[] items, Acceptance accepted, FaultBudget budget, bool atomic)
    {
        if (accepted.Clashes is null)
        {
            return;
        }

        var isRefused = atomic && accepted.HasMistake;
        var places = isRefused ? PlacesOf(sent) : NoPlaces;
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Status != StatusCodes.Status202Accepted)
            {
                continue;
            }

            var task = sent[i].Task!;
            var clash = accepted.Of(task.Id);
            if (clash is not null || isRefused)
            {
                submitter.Room.Return(task.QueueName);
            }

            items[i] = clash is null ? items[i] : Clashed(items[i], clash, places, budget);
        }
    }

    private static Dictionary<TaskId, int> PlacesOf(IReadOnlyList<SubmittedItem> sent) =>
        sent.Index().Where(static one => one.Item.Task is not null).ToDictionary(static one => one.Item.Task!.Id, static one => one.Index);

    /// <param name="item">As it was judged so far.</param>
    /// <param name="clash">The key that somebody else has.</param>
    /// <param name="places">When nothing is accepted, a key may belong to an item of the same array, which is no task.</param>
    /// <param name="budget">How many faults are told.</param>
    private static ItemView Clashed(ItemView item, KeyClash clash, Dictionary<TaskId, int> places, FaultBudget budget) => clash.IsSame
        ? item with { Status = StatusCodes.Status200OK, Id = clash.Original.Value, Errors = null }
        : item with
        {
            Status = StatusCodes.Status409Conflict,
            Id = clash.Original.Value,
            Errors = budget.Of("key", places.TryGetValue(clash.Original, out var place)
                ? $"'{clash.Key}' is the key of item [{place}] too, which is not the same. Give each task a key of its own."
                : Mistake(clash)),
        };

    /// <summary>The answer that refuses a whole array; null when there is nothing to refuse.</summary>
    private static JsonAnswer<Problem>? Refusal(ItemView[] items, FaultBudget budget) =>
        Has(items, StatusCodes.Status400BadRequest) ? Problems.InvalidItems(items, budget.More)
        : Has(items, StatusCodes.Status409Conflict) ? Problems.KeysReused(items, budget.More)
        : Has(items, StatusCodes.Status429TooManyRequests) ? Problems.NoRoomForItems(items, budget.More)
        : null;

    private static bool Has(ItemView[] items, int status) => Array.Exists(items, item => item.Status == status);

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
