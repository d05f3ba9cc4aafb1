namespace Millrace.Client;

/// <summary>The priorities that have names.</summary>
public static class TaskPriority
{
    public const int Low = 2;
    public const int Normal = 5;
    public const int High = 8;
    public const int Critical = 10;
}
