using Millrace.Store.Rows;

namespace Millrace.Api.Views;

/// <summary>An executor. <c>status</c> is active, idle, draining, stopped or lost; load and capacity count handlers.</summary>
internal sealed record WorkerView(
    Guid Id, string Status, string Host, int ProcessId, string Version, int CurrentLoad, int Capacity, double Utilization,
    long Tickets, long Tasks, DateTime StartedAt, DateTime LastHeartbeat)
{
    internal static WorkerView From(ExecutorRow row) => new(
        row.Id, row.Status, row.Host, row.ProcessId, row.Version, row.CurrentLoad, row.Capacity,
        row.Capacity == 0 ? 0 : Math.Round((double)row.CurrentLoad / row.Capacity, 4),
        row.Tickets, row.Tasks, row.StartedAt, row.LastHeartbeat);
}
