namespace Millrace.Api.Views;

/// <summary>Failures by what they have in common, the largest group first.</summary>
internal sealed record FailuresView(IReadOnlyList<FailureView> Failures, int Count);
