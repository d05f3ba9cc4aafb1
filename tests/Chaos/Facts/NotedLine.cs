namespace Millrace.Tests.Chaos.Facts;

/// <summary>A line that a task's history had at some time. It may have been taken back.</summary>
internal sealed record NotedLine(Guid Task, HistoryLine Line);
