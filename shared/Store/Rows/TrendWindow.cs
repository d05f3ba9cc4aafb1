namespace Millrace.Store.Rows;

/// <summary>Which counts are read: so many buckets, the one that runs included, each so many minutes; of one type or queue, where named.</summary>
internal sealed record TrendWindow(int Buckets, int Minutes, string? Type, string? QueueName)
{
    private const int Hour = 60;
    private const int Minute = 1;

    /// <summary>The longest sums that the buckets can be made of, in minutes; null when there are none, so that every count of a minute has to be read.</summary>
    internal short? Sums => Minutes % Hour == 0 ? (short)Hour : Type is null && QueueName is null ? (short)Minute : null;
}
