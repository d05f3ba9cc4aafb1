namespace Millrace.Api.Views;

/// <summary>What happened in each bucket of a window, oldest first, quiet ones included; and in all of it.</summary>
internal sealed record TrendListView(
    DateTime From, DateTime To, double WindowSeconds, double BucketSeconds, IReadOnlyList<TrendView> Buckets, TrendView Totals)
{
    public string? Type { get; init; }

    public string? QueueName { get; init; }
}
