namespace Millrace.Handlers;

/// <summary>The result of <c>process</c>.</summary>
internal sealed record ProcessResult(bool Processed, string Kind, int Bytes);
