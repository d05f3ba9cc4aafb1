namespace Millrace.Execute;

/// <summary>What <c>TaskContext.Progress</c> keeps with the task.</summary>
internal sealed record ProgressReport(double Percent, string? Message);
