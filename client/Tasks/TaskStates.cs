namespace Millrace.Client;

/// <summary>The words of a task's status.</summary>
public static class TaskStates
{
    public const string Blocked = "blocked";
    public const string Scheduled = "scheduled";
    public const string Pending = "pending";
    public const string Dispatched = "dispatched";
    public const string Running = "running";
    public const string Retrying = "retrying";
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";
    public const string Expired = "expired";

    /// <summary>It stays so unless somebody replays it.</summary>
    public static bool IsEnd(string status) => status is Succeeded or Failed or Cancelled or Expired;
}
