namespace Millrace.Local.Hosting;

/// <summary>One function as a person would list it.</summary>
/// <param name="Name">As in its attribute.</param>
/// <param name="Trigger"><c>httpTrigger</c>, <c>queueTrigger</c> or <c>timerTrigger</c>.</param>
/// <param name="Source">The route, the queue or the schedule.</param>
/// <param name="Methods">HTTP methods; empty means all.</param>
/// <param name="IsDisabled">Kept out of work by a setting.</param>
public sealed record FunctionSummary(string Name, string Trigger, string Source, IReadOnlyList<string> Methods, bool IsDisabled);
