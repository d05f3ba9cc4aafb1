namespace Millrace.Client;

/// <summary>Searches that the API has ready.</summary>
public enum TaskPreset
{
    StuckTasks,
    FailedRecently,
    LongRunning,
    Retrying,
    OldestPending,
}
