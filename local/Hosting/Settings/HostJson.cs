namespace Millrace.Local.Hosting.Settings;

/// <summary>The parts of host.json that this host obeys.</summary>
internal sealed record HostJson
{
    public string RoutePrefix { get; init; } = "api";

    /// <summary>Null: no limit. Above it the answer is 429.</summary>
    public int? MaxOutstandingRequests { get; init; }

    /// <summary>Null: unbounded, written as -1.</summary>
    public TimeSpan? FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The allow list; empty means every function.</summary>
    public IReadOnlyList<string> Functions { get; init; } = [];

    public QueuesSettings Queues { get; init; } = new();
}
