using System.Globalization;

namespace Millrace.Client;

/// <summary>Which tasks: those that match everything that is given.</summary>
public sealed record TaskFilter
{
    /// <summary>As <see cref="Status"/>: whatever waits and is in no ticket yet.</summary>
    public const string Waiting = "waiting";

    /// <summary>One of <see cref="TaskStates"/>, or <see cref="Waiting"/>.</summary>
    public string? Status { get; init; }

    public string? Type { get; init; }

    public string? QueueName { get; init; }

    public int? Priority { get; init; }

    public string? Tag { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>Of the last failure.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The kind of failure; see <see cref="MillraceClient.ListFailuresAsync"/>.</summary>
    public string? Fingerprint { get; init; }

    public DateTimeOffset? CreatedAfter { get; init; }

    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>A part of the error of an attempt, in any letter case.</summary>
    public string? Text { get; init; }

    /// <summary>Values in the data by their path, like <c>customer.id</c> = <c>42</c>.</summary>
    public IReadOnlyDictionary<string, string>? Data { get; init; }

    /// <summary>The names that the API gives them.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Parameters()
    {
        (string Name, string? Value)[] all =
        [
            ("status", Status), ("type", Type), ("queue_name", QueueName), ("priority", Priority?.ToString(CultureInfo.InvariantCulture)),
            ("tag", Tag), ("external_id", ExternalId), ("error_type", ErrorType), ("fingerprint", Fingerprint),
            ("created_after", Moment(CreatedAfter)), ("created_before", Moment(CreatedBefore)), ("q", Text),
            .. (Data ?? new Dictionary<string, string>()).Select(static at => ("data." + at.Key, (string?)at.Value)),
        ];
        return all.Where(static one => one.Value is not null).Select(static one => KeyValuePair.Create(one.Name, one.Value!));
    }

    private static string? Moment(DateTimeOffset? moment) =>
        moment?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
