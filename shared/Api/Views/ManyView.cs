namespace Millrace.Api.Views;

/// <summary>What became of an array of tasks, item by item. <c>duplicates</c> were accepted before, under the same key.</summary>
internal sealed record ManyView(int Accepted, int Duplicates, int Refused, IReadOnlyList<ItemView> Items)
{
    internal static ManyView From(IReadOnlyList<ItemView> items) => new(
        items.Count(static item => item.Status == 202), items.Count(static item => item.Status == 200),
        items.Count(static item => item.Errors is not null), items);
}
