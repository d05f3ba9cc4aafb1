using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>What an executor says of itself with each heartbeat. Load and capacity count handlers; errors are JSON, failed attempts by type.</summary>
internal sealed record ExecutorCard(
    ExecutorId Id, string Host, int ProcessId, string Version, string Status, int Capacity, int CurrentLoad, byte[] Errors);
