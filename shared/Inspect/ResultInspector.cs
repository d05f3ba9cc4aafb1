using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.RateLimit;
using Millrace.Api.Requests;
using Millrace.Api.Views;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Inspect;

/// <summary>Shows what came of a task, and waits for it when it is asked to.</summary>
public sealed class ResultInspector
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly string[] Known = ["wait"];

    private readonly TaskStore store;
    private readonly ResultWatch watch;

    internal ResultInspector(TaskStore store, ResultWatch watch)
    {
        this.store = store;
        this.watch = watch;
    }

    /// <summary>200 when the task has ended, at once or within the wait; 202 when it has not.</summary>
    public Task<IResult> GetAsync(string id, HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            if (!Guid.TryParse(id, out var value))
            {
                return Problems.InvalidId(id);
            }

            var faults = new Faults();
            var wait = new QueryValues(request.Query, Known, faults).Span(
                "wait", TimeSpan.Zero, TimeSpan.Zero, Longest, "Is not a wait of up to 60 s. Write 30s, 500ms or plain seconds, and ask again when it is over.");
            if (faults.Any)
            {
                return Problems.InvalidQuery(faults.ByField());
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, request.HttpContext.RequestAborted);
            return await GetAsync(new TaskId(value), wait, RequestBudget.KeyHolder(request.HttpContext), either.Token);
        });
    }

    private async Task<IResult> GetAsync(TaskId id, TimeSpan wait, string caller, CancellationToken cancellation)
    {
        var result = await store.ResultAsync(id, cancellation);
        if (result is { FinishedAt: null } && wait > TimeSpan.Zero)
        {
            if (watch.TryEnter(id, caller) is not { } seat)
            {
                return Problems.TooManyWait(watch.Taken, watch.Most, watch.ShareOf(caller));
            }

            using (seat)
            {
                await seat.WaitAsync(wait, cancellation);
            }

            // Not begun for a request that is over, nor in a process that ends: what is known is answered.
            result = cancellation.IsCancellationRequested ? result : await store.ResultAsync(id, CancellationToken.None);
        }

        return result is null ? Problems.TaskNotFound(id.Value) : Answer(result);
    }

    private static JsonAnswer<ResultView> Answer(StoredResult result) => result.FinishedAt is null
        ? new(StatusCodes.Status202Accepted, ResultView.From(result), ApiJson.Readable.ResultView) { RetryAfter = Problems.AskAgainAfter }
        : new(StatusCodes.Status200OK, ResultView.From(result), ApiJson.Readable.ResultView);
}
