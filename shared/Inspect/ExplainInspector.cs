using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Views;
using Millrace.Lifecycle;
using Millrace.Store;

namespace Millrace.Inspect;

/// <summary>Answers the question why a task is not running.</summary>
public sealed class ExplainInspector
{
    private readonly TaskStore store;
    private readonly InspectOptions options;
    private readonly Func<double?, int> mostTickets;

    internal ExplainInspector(TaskStore store, InspectOptions options, Func<double?, int> mostTickets)
    {
        this.store = store;
        this.options = options;
        this.mostTickets = mostTickets;
    }

    /// <summary>The reasons, in their order.</summary>
    public Task<IResult> GetAsync(string id, CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
    {
        if (!Guid.TryParse(id, out var value))
        {
            return Problems.InvalidId(id);
        }

        var facts = await store.ExplainAsync(new TaskId(value), options.LostAfter, cancellation);
        return facts is null
            ? Problems.TaskNotFound(value)
            : new JsonAnswer<ExplainView>(
                StatusCodes.Status200OK,
                new ExplainRules(facts, TimeSpan.FromSeconds(options.TimerSilentSeconds), mostTickets).Explain(),
                ApiJson.Readable.ExplainView);
    });
}
