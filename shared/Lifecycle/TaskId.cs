namespace Millrace.Lifecycle;

/// <summary>A task's id: a UUIDv7, so ids sort by the moment of submission.</summary>
public readonly record struct TaskId(Guid Value)
{
    /// <summary>A new id from the given clock's time.</summary>
    internal static TaskId New(TimeProvider clock) => new(Guid.CreateVersion7(clock.GetUtcNow()));

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}
