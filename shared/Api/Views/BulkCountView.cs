namespace Millrace.Api.Views;

/// <summary>
/// What a bulk action would do: how many tasks match (so far, when the count is not complete), and the newest of them. Where an action
/// has to be confirmed, <c>confirm</c> is what to send; there is none when they are too many to be counted.
/// </summary>
internal sealed record BulkCountView(string Action, long Matched, bool Complete, IReadOnlyList<Guid> Sample, long? Confirm);
