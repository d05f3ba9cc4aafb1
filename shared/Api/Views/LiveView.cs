namespace Millrace.Api.Views;

/// <summary>The process answers.</summary>
internal sealed record LiveView(string Status);
