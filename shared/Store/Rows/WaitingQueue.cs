namespace Millrace.Store.Rows;

/// <summary>A queue, and how long its oldest due task has waited for a start.</summary>
/// <param name="QueueName">Its name.</param>
/// <param name="Seconds">How long.</param>
/// <param name="IsHeld">Whether handlers of the queue run: it lacks places, or its own tasks do not end.</param>
internal readonly record struct WaitingQueue(string QueueName, double Seconds, bool IsHeld = false);
