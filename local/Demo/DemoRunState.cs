namespace Millrace.Local.Demo;

/// <summary>How far a run of the demo has come.</summary>
/// <param name="Run">Its tag.</param>
/// <param name="LastRow">The highest row that was submitted.</param>
/// <param name="Live">Tasks that have not ended.</param>
internal sealed record DemoRunState(string Run, int LastRow, long Live);
