namespace Millrace.Lifecycle;

/// <summary>What the rules need to know of a claimed task.</summary>
/// <param name="Attempts">Attempts that have ended and counted, before this one.</param>
/// <param name="Crashes">How often its process died while it ran, or may have been running.</param>
/// <param name="CancelRequested">Somebody asked for its end while it was in the ticket.</param>
/// <param name="Retries">Its retry policy.</param>
internal readonly record struct ClaimedTask(int Attempts, int Crashes, bool CancelRequested, RetryPolicy Retries);
