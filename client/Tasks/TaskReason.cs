using System.Text.Json.Serialization;

namespace Millrace.Client;

/// <summary>One reason why a task does not run, or what became of it: a stable word, a sentence, and the facts that it is made of.</summary>
public sealed record TaskReason
{
    public string Code { get; init => field = value ?? string.Empty; } = string.Empty;

    public string Sentence { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>When it began, or will be: due, ended, waiting or running since.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>From now to then, or from then to now.</summary>
    [JsonPropertyName("seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Away { get; init; }

    /// <summary>The attempt that runs or will, or the last one that was made.</summary>
    public int? Attempt { get; init; }

    /// <summary>Of how many.</summary>
    public int? Attempts { get; init; }

    public string? ErrorType { get; init; }

    public string? ErrorMessage { get; init; }

    public Guid? Worker { get; init; }

    public string? WorkerHost { get; init; }

    public DateTimeOffset? LeaseUntil { get; init; }

    [JsonPropertyName("timeout_seconds")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Timeout { get; init; }

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
