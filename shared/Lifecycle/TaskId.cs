using System.Buffers.Binary;

namespace Millrace.Lifecycle;

/// <summary>A task's id: a UUIDv7, so ids sort by the moment of submission.</summary>
public readonly record struct TaskId(Guid Value)
{
    /// <summary>A new id from the given clock's time.</summary>
    internal static TaskId New(TimeProvider clock) => new(Guid.CreateVersion7(clock.GetUtcNow()));

    /// <summary>The lowest id that a task of the given moment can have.</summary>
    internal static TaskId First(DateTimeOffset moment)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, moment.ToUnixTimeMilliseconds()) << 16);
        return new(new Guid(bytes, bigEndian: true));
    }

    /// <summary>As PostgreSQL orders them: by their bytes.</summary>
    internal static int Compare(TaskId a, TaskId b)
    {
        Span<byte> first = stackalloc byte[16];
        Span<byte> second = stackalloc byte[16];
        a.Value.TryWriteBytes(first, bigEndian: true, out _);
        b.Value.TryWriteBytes(second, bigEndian: true, out _);
        return first.SequenceCompareTo(second);
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");
}
