namespace Millrace.Execute;

/// <summary>Why a running handler was told to stop.</summary>
internal enum StopReason
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>It ran longer than its time-out.</summary>
    TimedOut,

    /// <summary>Somebody cancelled the task.</summary>
    Cancelled,

    /// <summary>The executor shuts down.</summary>
    Shutdown,

    /// <summary>The ticket is in other hands; whatever the handler returns is not written.</summary>
    TicketLost,
}
