namespace Microsoft.Azure.Functions.Worker;

/// <summary>When a timer ran and will run. Twin of the type in Worker.Extensions.Timer.</summary>
public class ScheduleStatus
{
    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
