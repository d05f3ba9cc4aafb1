namespace Millrace.Store.Rows;

/// <summary>A wake that has been remembered, and whose message has to be sent.</summary>
/// <param name="QueueName">The queue.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Delay">How long from now.</param>
internal readonly record struct PlannedWake(string QueueName, WakePurpose Purpose, TimeSpan Delay);
