namespace Millrace.Api.Views;

/// <summary>A line that was not accepted, counted from 1, and why.</summary>
internal sealed record RefusedLine(long Line, IReadOnlyDictionary<string, string[]> Errors);
