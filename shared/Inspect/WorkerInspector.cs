using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Views;
using Millrace.Store;

namespace Millrace.Inspect;

/// <summary>Shows the executors, which the API calls workers.</summary>
public sealed class WorkerInspector
{
    /// <summary>A worker may be called by its id alone, or as <c>worker-</c> and its id.</summary>
    private const string Prefix = "worker-";

    private readonly TaskStore store;
    private readonly InspectOptions options;

    internal WorkerInspector(TaskStore store, InspectOptions options)
    {
        this.store = store;
        this.options = options;
    }

    /// <summary>Those that speak, and those that stopped or fell silent lately.</summary>
    public Task<IResult> ListAsync(CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
    {
        var rows = await store.ExecutorsAsync(options.LostAfter, options.LostShown, cancellation);
        var speaking = rows.Where(static r => r.Speaks).ToList();
        var view = new WorkerListView(
            [.. rows.Select(WorkerView.From)], rows.Count, speaking.Count, rows.Count(static r => r.Status == "lost"),
            speaking.Sum(static r => r.Capacity), speaking.Sum(static r => r.CurrentLoad));
        return new JsonAnswer<WorkerListView>(StatusCodes.Status200OK, view, ApiJson.Readable.WorkerListView);
    });

    /// <summary>One of them.</summary>
    public Task<IResult> GetAsync(string id, CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
    {
        var bare = id.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? id[Prefix.Length..] : id;
        var row = Guid.TryParse(bare, out var value) ? await store.FindExecutorAsync(value, options.LostAfter, cancellation) : null;
        return row is null
            ? Problems.WorkerNotFound(id)
            : new JsonAnswer<WorkerView>(StatusCodes.Status200OK, WorkerView.From(row), ApiJson.Readable.WorkerView);
    });
}
