namespace Millrace.Store.Rows;

/// <summary>What a wake is for.</summary>
internal enum WakePurpose
{
    /// <summary>A task becomes due.</summary>
    Dispatch,

    /// <summary>A ticket's lease ends.</summary>
    Heal,
}
