namespace Millrace.Client;

/// <summary>The words of a bulk action's status.</summary>
public static class BulkActionStates
{
    public const string Waiting = "waiting";
    public const string Running = "running";
    public const string Done = "done";

    /// <summary>A task that was tried first did not succeed, so the rest was left alone.</summary>
    public const string StoppedByCanary = "stopped_by_canary";
    public const string Aborted = "aborted";
    public const string Failed = "failed";

    /// <summary>It does nothing more.</summary>
    public static bool IsEnd(string status) => status is Done or StoppedByCanary or Aborted or Failed;
}
