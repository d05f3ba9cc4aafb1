namespace Millrace.Store.Rows;

/// <summary>A queue, and how long its oldest due task has waited for a start.</summary>
/// <param name="QueueName">Its name.</param>
/// <param name="Seconds">How long.</param>
internal readonly record struct WaitingQueue(string QueueName, double Seconds);
