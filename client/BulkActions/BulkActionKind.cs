namespace Millrace.Client;

/// <summary>What is done with each task that matches.</summary>
public static class BulkActionKind
{
    /// <summary>Ends what waits, asks what runs.</summary>
    public const string Cancel = "cancel";

    /// <summary>Makes dead letters live again.</summary>
    public const string Retry = "retry";

    /// <summary>Runs what has ended once more.</summary>
    public const string Replay = "replay";

    /// <summary>Makes what waits more urgent.</summary>
    public const string Boost = "boost";

    /// <summary>Removes dead letters for good.</summary>
    public const string Delete = "delete";

    /// <summary>Puts what waits into another queue.</summary>
    public const string Move = "move";
}
