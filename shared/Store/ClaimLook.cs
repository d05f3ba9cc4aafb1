namespace Millrace.Store;

/// <summary>Where one claim looks: of each priority, the tasks behind a place in the order of the claim.</summary>
internal sealed class ClaimLook
{
    internal const int Priorities = 10;

    private static readonly DateTime[] FirstDue = [.. Enumerable.Repeat(ClaimMark.First, Priorities)];
    private static readonly Guid[] FirstIds = new Guid[Priorities];

    /// <summary>For who does not claim.</summary>
    internal static readonly ClaimLook AtEverything = new(null, string.Empty, 0, FirstDue, FirstIds);

    private readonly ClaimMarks? marks;
    private readonly string queueName;
    private readonly long began;

    /// <summary>At everything, from <paramref name="began"/> on.</summary>
    internal ClaimLook(ClaimMarks marks, string queueName, long began)
        : this(marks, queueName, began, FirstDue, FirstIds)
    {
    }

    internal ClaimLook(ClaimMarks? marks, string queueName, long began, DateTime[] due, Guid[] ids)
    {
        this.marks = marks;
        this.queueName = queueName;
        this.began = began;
        Due = due;
        Ids = ids;
    }

    /// <summary>By priority, 1 first.</summary>
    internal DateTime[] Due { get; }

    internal Guid[] Ids { get; }

    /// <summary>Others were quicker with everything that it found.</summary>
    internal bool Missed { get; set; }

    /// <summary>It may claim only when no other process does.</summary>
    internal bool TakesTurn { get; set; }

    /// <summary>Another process was claiming.</summary>
    internal bool HadNoTurn { get; set; }

    /// <summary>It took as many tasks as it wanted.</summary>
    internal bool WasFilled { get; set; }

    /// <summary>It claimed so many tasks of this priority, and this was the last.</summary>
    internal void Took(short priority, DateTime due, Guid id, int count) => marks?.Took(queueName, priority, due, id, count);

    /// <summary>The claim is made.</summary>
    internal void End()
    {
        if (began != 0)
        {
            marks?.EndEverything(queueName, began);
        }
    }
}
