namespace Millrace.Store.Rows;

/// <summary>A value that a task's data must have.</summary>
/// <param name="Path">The keys, or indexes of arrays, from the outside in.</param>
/// <param name="Value">A text, or a number, true or false as JSON writes it.</param>
internal sealed record DataPath(IReadOnlyList<string> Path, string Value);
