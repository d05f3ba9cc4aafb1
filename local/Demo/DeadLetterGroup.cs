namespace Millrace.Local.Demo;

/// <summary>Dead letters of one cause, with the first few as examples.</summary>
internal sealed record DeadLetterGroup(
    string Reason, string ErrorType, int Count, int FewestAttempts, int MostAttempts, IReadOnlyList<string> Examples, string Message);
