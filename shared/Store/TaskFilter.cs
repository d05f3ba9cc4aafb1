using Millrace.Lifecycle;

namespace Millrace.Store;

/// <summary>Which tasks a list shows, newest id first. What is null does not filter.</summary>
/// <param name="State">Their state.</param>
/// <param name="Type">Their type.</param>
/// <param name="QueueName">Their queue.</param>
/// <param name="Before">Only ids below this one.</param>
/// <param name="Skip">How many of them to pass over.</param>
/// <param name="Limit">How many to show at most.</param>
internal sealed record TaskFilter(TaskState? State, string? Type, string? QueueName, TaskId? Before, int Skip, int Limit);
