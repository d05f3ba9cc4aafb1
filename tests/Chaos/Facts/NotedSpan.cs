namespace Millrace.Tests.Chaos.Facts;

/// <summary>A task that counted as begun by an executor, as looks into the database saw it.</summary>
/// <param name="Task">The task.</param>
/// <param name="Executor">Whose ticket held it.</param>
/// <param name="From">The first look of a row of looks that saw it.</param>
internal sealed record NotedSpan(Guid Task, Guid Executor, long From);
