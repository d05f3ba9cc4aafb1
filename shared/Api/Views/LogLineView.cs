namespace Millrace.Api.Views;

/// <summary>One line that a handler logged.</summary>
internal sealed record LogLineView(DateTime At, int Attempt, string Level, string Message);
