namespace Millrace.Handlers;

/// <summary>The data of <c>fail</c>.</summary>
/// <param name="Message">The error's sentence.</param>
/// <param name="UntilAttempt">Succeeds from this attempt on; without it every attempt fails.</param>
/// <param name="Permanent">Ask for no retry.</param>
internal sealed record FailData(string? Message = null, int? UntilAttempt = null, bool Permanent = false);
