namespace Millrace.Api.Views;

/// <summary>What the last hour cost, idle time included. Processes tell twice a minute.</summary>
/// <param name="Tasks">Tasks that ended meanwhile.</param>
/// <param name="StorageQueueCalls">Requests to the storage queues: of each message its put, get and delete.</param>
/// <param name="FunctionRuns">Runs of functions, by whatever trigger.</param>
/// <param name="SqlStatements">Statements sent to PostgreSQL.</param>
/// <param name="WalBytes">What PostgreSQL wrote ahead, of all its databases.</param>
/// <param name="PerMillionTasks">The same, divided by the tasks that ended and multiplied by a million; null when none did.</param>
internal sealed record CostView(
    long Tasks, long StorageQueueCalls, long FunctionRuns, long SqlStatements, long WalBytes, IReadOnlyDictionary<string, long>? PerMillionTasks);
