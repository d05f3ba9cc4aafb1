using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services;

/// <summary>A signal, and how long its effect may take before the next, harder one.</summary>
internal sealed record StopStep(Signal Signal, TimeSpan Patience);
