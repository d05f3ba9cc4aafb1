namespace Millrace.Client;

/// <summary>A storage queue. One that is missing is made with the next message.</summary>
public sealed record StorageQueue
{
    public string Name { get; init => field = value ?? string.Empty; } = string.Empty;

    public bool Exists { get; init; }

    /// <summary>Hidden messages, such as wakes that are not due, included.</summary>
    public long? Messages { get; init; }
}
