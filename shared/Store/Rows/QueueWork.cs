namespace Millrace.Store.Rows;

/// <summary>What waits in a queue that is not paused.</summary>
/// <param name="QueueName">The queue.</param>
/// <param name="MeanRunMs">Mean run time of its recent tasks, where known.</param>
/// <param name="Due">Something is due now.</param>
/// <param name="HungryFor">For how long an executor has said that it will take what is due; null when none has. It may have died since.</param>
/// <param name="Quarantined">A suspect of crashes is due now.</param>
/// <param name="NextDue">When the next thing that is not due yet will be.</param>
internal readonly record struct QueueWork(string QueueName, double? MeanRunMs, bool Due, TimeSpan? HungryFor, bool Quarantined, DateTimeOffset? NextDue);
