namespace Millrace.Handlers;

/// <summary>The result of <c>calculate</c>.</summary>
internal sealed record CalculateResult(int Count, double Sum, double SumOfSquares);
