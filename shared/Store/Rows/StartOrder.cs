using Millrace.Lifecycle;

namespace Millrace.Store.Rows;

/// <summary>How a ticket is taken.</summary>
/// <param name="Executor">Who takes it.</param>
/// <param name="Lease">For how long.</param>
/// <param name="Key">Repeated with the same key, the statement takes the same ticket again.</param>
/// <param name="Begin">So many of its tasks may be begun at once.</param>
/// <param name="TakesSuspects">Also one that holds a suspect of crashes.</param>
internal readonly record struct StartOrder(ExecutorId Executor, TimeSpan Lease, Guid Key, int Begin, bool TakesSuspects);
