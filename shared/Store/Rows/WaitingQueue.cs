namespace Millrace.Store.Rows;

/// <summary>A queue, and how long its oldest due task has waited for a start.</summary>
internal readonly record struct WaitingQueue(string QueueName, double Seconds);
