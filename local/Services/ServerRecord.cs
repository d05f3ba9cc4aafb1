using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services;

/// <summary>
/// What the state file keeps of one server: its ports, which it gets again when they are free, and its process while it runs.
/// </summary>
internal sealed record ServerRecord(int[] Ports, ProcessMark? Process);
