namespace Millrace.Api.Answers;

/// <summary>An RFC 9457 problem. <c>type</c> is stable; <c>detail</c> says what to write instead; <c>errors</c> holds all faults at once, by field.</summary>
internal sealed record Problem(string Type, string Title, int Status, string Detail)
{
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
