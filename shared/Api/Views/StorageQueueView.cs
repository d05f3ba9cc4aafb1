namespace Millrace.Api.Views;

/// <summary>A storage queue. One that is missing is made with the next message.</summary>
internal sealed record StorageQueueView(string Name, bool Exists)
{
    /// <summary>Hidden messages, such as wakes that are not due, included.</summary>
    public long? Messages { get; init; }
}
