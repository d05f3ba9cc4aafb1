namespace Millrace.Tests.Api.Founding;

/// <summary>A command line as a founding document has it.</summary>
/// <param name="Place">The document's number and the line.</param>
/// <param name="Text">The line, with those that it goes on in.</param>
internal sealed record FoundingCommand(string Place, string Text)
{
    /// <summary>Whose it is, when it is not this API's.</summary>
    internal string? Elsewhere { get; init; }
}
