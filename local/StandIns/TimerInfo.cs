namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer function is told about its run. Twin of the type in Worker.Extensions.Timer.</summary>
public class TimerInfo
{
    public ScheduleStatus? ScheduleStatus { get; set; }

    public bool IsPastDue { get; set; }
}
