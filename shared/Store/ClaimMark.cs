namespace Millrace.Store;

/// <summary>
/// A place in the order of the claim that lies some tasks behind the last one that was claimed: what is committed at the same moment may
/// become visible a little later than what comes behind it.
/// </summary>
internal sealed class ClaimMark
{
    /// <summary>So many tasks behind; to pass over them costs a claim less than a millisecond.</summary>
    private const int Behind = 64;

    /// <summary>Fewer are not told apart, so that the places are few.</summary>
    private const int Together = 8;

    /// <summary>PostgreSQL's least difference.</summary>
    private static readonly TimeSpan Instant = TimeSpan.FromMicroseconds(1);

    private readonly Queue<Place> places = new();
    private Place last;
    private long newest;

    /// <summary>PostgreSQL reads the least moment as -infinity.</summary>
    internal static readonly DateTime First = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);

    internal DateTime Due { get; private set; } = First;

    internal Guid Id { get; private set; }

    internal void Took(DateTime due, Guid id, int count)
    {
        var total = last.Total + count;
        if (due < last.Due)
        {
            last = last with { Total = total };
            return;
        }

        last = new Place(due, id, total);
        if (!places.TryPeek(out _) || total - newest >= Together)
        {
            places.Enqueue(last);
            newest = total;
        }

        while (places.TryPeek(out var oldest) && total - oldest.Total >= Behind)
        {
            (Due, Id) = (oldest.Due, oldest.Id);
            places.Dequeue();
        }
    }

    /// <summary>Something waits that was due then.</summary>
    internal void GoBack(DateTime due)
    {
        if (due <= Due)
        {
            (Due, Id) = (due - Instant, Guid.Empty);
            last = last with { Due = Due, Id = Id };
            places.Clear();
        }
    }

    private readonly record struct Place(DateTime Due, Guid Id, long Total);
}
