namespace Millrace.Api.Views;

/// <summary>
/// What became of an array of tasks, item by item. <c>duplicates</c> were accepted before, under the same key. Items whose faults are not told, because the
/// request has too many, are not listed; they are counted among <c>refused</c>.
/// </summary>
internal sealed record ManyView(int Accepted, int Duplicates, int Refused, IReadOnlyList<ItemView> Items)
{
    /// <summary>How many faults are not told; left out when all are.</summary>
    public string? More { get; init; }

    internal static ManyView From(IReadOnlyList<ItemView> items, string? more) => new(
        items.Count(static item => item.Status == 202), items.Count(static item => item.Status == 200),
        items.Count(static item => item.Status >= 400), [.. items.Where(static item => item.Status != 400 || item.Errors is { Count: > 0 })])
    {
        More = more,
    };
}
