using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Views;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Manage;

/// <summary>Takes orders for bulk actions, shows how far they are, and aborts them. Each is a task of its own.</summary>
public sealed class BulkActionDesk
{
    private const short Urgent = 9;

    /// <summary>So long, a count goes on that is only looked at.</summary>
    private static readonly TimeSpan LongestCount = TimeSpan.FromSeconds(2);

    /// <summary>And so long one that has to be whole, for it is confirmed.</summary>
    private static readonly TimeSpan LongestConfirmedCount = TimeSpan.FromSeconds(20);

    /// <summary>Not the default of an app's own tasks, which may be less than a bulk action takes before it makes room for others.</summary>
    private const int TimeoutSeconds = 600;

    private static readonly RetryPolicy Retries = new(10, 1, 2, 60);

    private readonly TaskStore store;
    private readonly TaskSubmitter submitter;
    private readonly TaskCanceller canceller;
    private readonly BulkChunks chunks;
    private readonly TimeProvider clock;

    internal BulkActionDesk(TaskStore store, TaskSubmitter submitter, TaskCanceller canceller, BulkChunks chunks, TimeProvider clock)
    {
        this.store = store;
        this.submitter = submitter;
        this.canceller = canceller;
        this.chunks = chunks;
        this.clock = clock;
    }

    /// <summary>Any action on the tasks that match its filters.</summary>
    public Task<IResult> OrderAsync(HttpRequest request, CancellationToken cancellation) => OrderAsync(request, BulkRoute.Any, cancellation);

    /// <summary>Retries the dead letters that match.</summary>
    public Task<IResult> RetryDeadLettersAsync(HttpRequest request, CancellationToken cancellation) =>
        OrderAsync(request, BulkRoute.RetryDeadLetters, cancellation);

    /// <summary>Deletes the dead letters that match: says first how many there are, and wants that number back as <c>confirm</c>.</summary>
    public Task<IResult> PurgeDeadLettersAsync(HttpRequest request, CancellationToken cancellation) =>
        OrderAsync(request, BulkRoute.PurgeDeadLetters, cancellation);

    /// <summary>Cancels what waits in a queue: says first how much that is, and wants that number back as <c>confirm</c>.</summary>
    public Task<IResult> ClearQueueAsync(string queueName, HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(queueName);
        var name = Uri.UnescapeDataString(queueName);
        return TaskNames.IsName(name, TaskNames.LongestQueueName)
            ? OrderAsync(request, BulkRoute.ClearQueue(name), cancellation)
            : Task.FromResult<IResult>(Problems.QueueNotFound(name));
    }

    /// <summary>How far it is.</summary>
    public Task<IResult> GetAsync(string id, CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
        await FindAsync(id, cancellation) is { } task ? await ShowAsync(StatusCodes.Status200OK, task, cancellation) : Problems.BulkActionNotFound(id));

    /// <summary>Ends it after the chunk that it is in. What was done stays done.</summary>
    public Task<IResult> AbortAsync(string id, CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
    {
        if (await FindAsync(id, cancellation) is not { } task)
        {
            return Problems.BulkActionNotFound(id);
        }

        var answer = await canceller.CancelAsync(task.Id.ToString(), cancellation);
        return answer is JsonAnswer<TaskView> cancelled && await store.FindAsync(task.Id, cancellation) is { } now
            ? await ShowAsync(cancelled.Status, now, cancellation)
            : answer;
    });

    /// <summary>Begins an action, or counts for it.</summary>
    internal async Task<IResult> BeginAsync(BulkOrder order, CancellationToken cancellation)
    {
        if (order.DryRun || order.NeedsConfirmation)
        {
            var (matched, isAll, first) = await chunks.CountAsync(
                order, order.NeedsConfirmation ? LongestConfirmedCount : LongestCount, clock, cancellation);
            if (order.DryRun || order.Confirm is null)
            {
                var view = new BulkCountView(order.Word, matched, isAll, [.. first.Select(static id => id.Value)], order.NeedsConfirmation && isAll ? matched : null);
                return new JsonAnswer<BulkCountView>(StatusCodes.Status200OK, view, ApiJson.Readable.BulkCountView);
            }

            // Fewer are fine: those that ended meanwhile are not missed, and a queue at work never has the same number twice.
            if (!isAll || matched > order.Confirm)
            {
                return isAll ? Problems.NotConfirmed(order.Confirm.Value, matched) : Problems.TooManyToConfirm(matched);
            }
        }

        var task = new NewTask
        {
            Id = TaskId.New(clock),
            Type = BulkActionHandler.Type,
            QueueName = BulkActionHandler.QueueName,
            Priority = Urgent,
            Retries = Retries,
            TimeoutSeconds = TimeoutSeconds,
            Data = order.Json,
        };
        var accepted = await submitter.SubmitAsync(task, cancellation);
        return new JsonAnswer<BulkActionView>(StatusCodes.Status202Accepted, Waiting(task, order, accepted.At), ApiJson.Readable.BulkActionView)
        {
            Location = $"/api/v1/bulk-actions/{task.Id}",
        };
    }

    /// <summary>Reads an order and begins it.</summary>
    internal Task<IResult> OrderAsync(HttpRequest request, BulkRoute route, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            var faults = new Faults();
            var (order, refused) = await BulkOrder.ReadAsync(request, route, faults, cancellation);
            return refused ?? (faults.Any ? Problems.InvalidBulkAction(faults.ByField()) : await BeginAsync(order!, cancellation));
        });
    }

    private async Task<StoredTask?> FindAsync(string id, CancellationToken cancellation) =>
        Guid.TryParse(id, out var value) && await store.FindAsync(new TaskId(value), cancellation) is { Type: BulkActionHandler.Type } task ? task : null;

    private async Task<IResult> ShowAsync(int status, StoredTask task, CancellationToken cancellation)
    {
        var progress = await store.FindBulkAsync(task.Id, cancellation) ?? new BulkProgress(null, 0, 0, null, null);
        var order = BulkOrder.Read(task.Data, BulkRoute.Any, new Faults());
        var view = new BulkActionView
        {
            Id = task.Id.Value,
            Action = order.Word,
            Status = Status(task, progress),
            Matched = progress.Matched,
            Changed = progress.Changed,
            CreatedAt = task.CreatedAt,
            FinishedAt = task.FinishedAt,
            Canaries = progress.Canaries is { Count: > 0 } canaries ? [.. canaries.Select(static id => id.Value)] : null,
            ErrorMessage = task.State == TaskState.Failed ? task.History[^1].ErrorMessage : null,
        };
        return new JsonAnswer<BulkActionView>(status, view, ApiJson.Readable.BulkActionView);
    }

    private static string Status(StoredTask task, BulkProgress progress) => task.State switch
    {
        TaskState.Succeeded => JsonSerializer.Deserialize(task.Result, ManageJson.Default.BulkResult)!.Status,
        TaskState.Failed => "failed",
        TaskState.Cancelled or TaskState.Expired => "aborted",
        TaskState.Blocked or TaskState.Scheduled or TaskState.Pending or TaskState.Dispatched or TaskState.Running or TaskState.Retrying =>
            progress.Below is null ? "waiting" : "running",
    };

    private static BulkActionView Waiting(NewTask task, BulkOrder order, DateTimeOffset accepted) => new()
    {
        Id = task.Id.Value,
        Action = order.Word,
        Status = "waiting",
        Matched = 0,
        Changed = 0,
        CreatedAt = accepted.UtcDateTime,
    };
}
