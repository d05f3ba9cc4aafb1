namespace Millrace.Api;

/// <summary>The process answers.</summary>
internal sealed record LiveView(string Status);
