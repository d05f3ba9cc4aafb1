namespace Millrace.Store;

/// <summary>Where one claim looks: of each priority, the tasks behind a place in the order of the claim.</summary>
internal sealed class ClaimLook
{
    internal const int Priorities = 10;

    private readonly ClaimMarks marks;

    internal ClaimLook(ClaimMarks marks, string queueName, DateTime[] due, Guid[] ids)
    {
        this.marks = marks;
        QueueName = queueName;
        Due = due;
        Ids = ids;
    }

    internal string QueueName { get; }

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
    internal void Took(short priority, DateTime due, Guid id, int count) => marks.Took(QueueName, priority, due, id, count);
}
