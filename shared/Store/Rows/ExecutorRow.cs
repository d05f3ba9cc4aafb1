namespace Millrace.Store.Rows;

/// <summary>An executor as it last spoke of itself.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Host">The machine.</param>
/// <param name="ProcessId">The process there.</param>
/// <param name="Version">Of the program.</param>
/// <param name="Status">active, idle, draining or stopped; lost when it has been silent for too long without a goodbye.</param>
/// <param name="Capacity">Handlers that it may run at once.</param>
/// <param name="CurrentLoad">Handlers that ran at the last heartbeat.</param>
/// <param name="StartedAt">Its first heartbeat.</param>
/// <param name="LastHeartbeat">Its last one.</param>
/// <param name="Tickets">Tickets that it holds.</param>
/// <param name="Tasks">Tasks in them.</param>
/// <param name="Errors">Its attempts that failed, by type.</param>
internal sealed record ExecutorRow(
    Guid Id, string Host, int ProcessId, string Version, string Status, int Capacity, int CurrentLoad,
    DateTime StartedAt, DateTime LastHeartbeat, long Tickets, long Tasks,
    IReadOnlyDictionary<string, long> Errors)
{
    /// <summary>It lives, as far as anybody knows.</summary>
    internal bool Speaks => Status is not ("lost" or "stopped");
}
