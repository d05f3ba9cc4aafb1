using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>What else was there when the executor of a ticket died.</summary>
/// <param name="Culprit">The suspect that it watched, if no other suspect ran there.</param>
/// <param name="HadOthers">Other tickets of it held tasks, or had before they were healed.</param>
internal readonly record struct CrashScene(TaskId? Culprit, bool HadOthers);
