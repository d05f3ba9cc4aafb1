namespace Millrace.Manage;

/// <summary>What a bulk action does to each task that matches.</summary>
internal enum BulkVerb
{
    /// <summary>Ends what waits, asks what runs to end.</summary>
    Cancel,

    /// <summary>Makes dead letters live again.</summary>
    Retry,

    /// <summary>Makes dead letters and finished tasks live again.</summary>
    Replay,

    /// <summary>Raises the priority of what waits.</summary>
    Boost,

    /// <summary>Deletes dead letters.</summary>
    Delete,

    /// <summary>Moves what waits to another queue.</summary>
    Move,
}
