using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Views;
using Millrace.Store;

namespace Millrace.Inspect;

/// <summary>Checks the books against the tables. It counts every row, so it takes as long as there are rows.</summary>
public sealed class LedgerInspector
{
    private const int MostOffenders = 100;

    private readonly TaskStore store;

    internal LedgerInspector(TaskStore store) => this.store = store;

    /// <summary>The ledger at one moment.</summary>
    public Task<IResult> VerifyAsync(CancellationToken cancellation) => StoreFaults.AnswerAsync(async () =>
    {
        var ledger = await store.VerifyAsync(MostOffenders, cancellation);
        return new JsonAnswer<LedgerView>(StatusCodes.Status200OK, LedgerRules.Judge(ledger), ApiJson.Readable.LedgerView);
    });
}
