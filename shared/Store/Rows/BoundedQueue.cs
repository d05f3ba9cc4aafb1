namespace Millrace.Store.Rows;

/// <summary>A queue with a maximum depth.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MaxDepth">How many tasks may wait in it.</param>
/// <param name="Depth">How many do; not counted further than the maximum.</param>
internal sealed record BoundedQueue(string Name, int MaxDepth, long Depth);
