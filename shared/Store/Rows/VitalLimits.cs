namespace Millrace.Store.Rows;

/// <summary>What is late, for health.</summary>
/// <param name="Waiting">How long a due task may wait for a start.</param>
/// <param name="Lost">Silence after which an executor does not count any more.</param>
/// <param name="Unhealed">How long a lease may have ended without a healer.</param>
/// <param name="Overtime">How long a task may run beyond its time-out.</param>
internal readonly record struct VitalLimits(TimeSpan Waiting, TimeSpan Lost, TimeSpan Unhealed, TimeSpan Overtime);
