namespace Millrace.Dispatch;

/// <summary>A queue whose pass may begin.</summary>
/// <param name="QueueName">The queue.</param>
/// <param name="IsOneOfMany">It was asked for with many others, whose work gives way to that of anybody else.</param>
internal readonly record struct QueueTurn(string QueueName, bool IsOneOfMany);
