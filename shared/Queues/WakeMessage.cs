using Millrace.Store.Rows;

namespace Millrace.Queues;

/// <summary>The body of a wake: which queue, and what to do.</summary>
internal sealed record WakeMessage(string QueueName, WakePurpose Purpose);
