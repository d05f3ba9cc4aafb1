namespace Millrace.Api.Views;

/// <summary>One reason why a task does not run, or what became of it: a stable word, a sentence, and the facts that the sentence is made of.</summary>
internal sealed record ReasonView(string Code, string Sentence)
{
    /// <summary>When it began, or will be: due, ended, waiting or running since.</summary>
    public DateTime? At { get; init; }

    /// <summary>From now to then, or from then to now.</summary>
    public double? Seconds { get; init; }

    /// <summary>The attempt that runs or will, or the last one that was made; of how many.</summary>
    public int? Attempt { get; init; }

    public int? Attempts { get; init; }

    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    public Guid? Worker { get; init; }

    public string? WorkerHost { get; init; }

    public DateTime? LeaseUntil { get; init; }

    public int? TimeoutSeconds { get; init; }

    public long? TicketId { get; init; }

    public long? TicketsBefore { get; init; }

    /// <summary>Not counted beyond 10,000.</summary>
    public long? TasksBefore { get; init; }

    /// <summary>Attempts of the queue that end in a second, as the last five minutes were.</summary>
    public double? PerSecond { get; init; }

    public long? Workers { get; init; }

    public long? Capacity { get; init; }

    public long? Load { get; init; }
}
