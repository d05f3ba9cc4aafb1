namespace Millrace.Store.Rows;

/// <summary>What became of the tasks that a bulk action tried first.</summary>
internal readonly record struct CanaryStates(long Succeeded, long Live, long Others);
