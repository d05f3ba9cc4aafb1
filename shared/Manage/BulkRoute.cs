namespace Millrace.Manage;

/// <summary>What an order for a bulk action may say, by the route that it comes by.</summary>
/// <param name="Verb">What the route does; null when the order says it.</param>
/// <param name="NeedsConfirmation">What cannot be undone is done when its size was named.</param>
/// <param name="Filters">Which tasks the route is about; null when the order says it.</param>
internal sealed record BulkRoute(BulkVerb? Verb = null, bool NeedsConfirmation = false, IReadOnlyDictionary<string, string>? Filters = null)
{
    internal static readonly BulkRoute Any = new();

    internal static readonly BulkRoute RetryDeadLetters = new(BulkVerb.Retry);

    internal static readonly BulkRoute PurgeDeadLetters = new(BulkVerb.Delete, NeedsConfirmation: true);

    /// <summary>The dead letters of a failure.</summary>
    internal static BulkRoute Failure(string fingerprint) => new(
        BulkVerb.Retry, Filters: new Dictionary<string, string>(StringComparer.Ordinal) { ["status"] = "failed", ["fingerprint"] = fingerprint });

    /// <summary>What waits in a queue.</summary>
    internal static BulkRoute ClearQueue(string queueName) => new(
        BulkVerb.Cancel, NeedsConfirmation: true, new Dictionary<string, string>(StringComparer.Ordinal) { ["status"] = "waiting", ["queue_name"] = queueName });

    /// <summary>The fields that an order may have.</summary>
    internal IEnumerable<string> Fields =>
    [
        .. Verb is null ? ["action"] : Array.Empty<string>(),
        .. Filters is null ? ["filters", "all"] : Array.Empty<string>(),
        "dry_run",
        .. Verb is null or BulkVerb.Retry ? ["priority", "queue_name", "canary"] : Array.Empty<string>(),
        .. NeedsConfirmation ? ["confirm"] : Array.Empty<string>(),
    ];
}
