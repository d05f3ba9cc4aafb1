using Millrace.Store;
using Millrace.Store.Rows;

namespace Millrace.Api.Views;

/// <summary>What came of a task. The result is to the letter; left out when there is none, or its time to live is over.</summary>
internal sealed record ResultView(Guid Id, string Status)
{
    public RawJson? Result { get; init; }

    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    public DateTime? FinishedAt { get; init; }

    internal static ResultView From(StoredResult stored) => new(stored.Id.Value, stored.State.Word())
    {
        Result = RawJson.From(stored.Result),
        ErrorType = stored.ErrorType,
        ErrorMessage = stored.ErrorMessage,
        FinishedAt = stored.FinishedAt,
    };
}
