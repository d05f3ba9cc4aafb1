namespace Millrace.Api.Views;

/// <summary>Why a task is not running: what blocks it first stands first. There is always a reason.</summary>
internal sealed record ExplainView(Guid Id, string Status, string QueueName, IReadOnlyList<ReasonView> Reasons)
{
    /// <summary>When it will begin if things go on as they do; left out where that cannot be told.</summary>
    public DateTime? EstimatedStart { get; init; }
}
