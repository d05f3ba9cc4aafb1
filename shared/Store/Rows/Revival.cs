namespace Millrace.Store.Rows;

/// <summary>What changes when an ended task becomes live again. Null keeps what it had.</summary>
/// <param name="QueueName">Where it waits.</param>
/// <param name="Priority">1 to 10.</param>
/// <param name="Data">JSON as UTF-8.</param>
internal sealed record Revival(string? QueueName = null, short? Priority = null, byte[]? Data = null)
{
    internal static readonly Revival Unchanged = new();
}
