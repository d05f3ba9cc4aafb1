namespace Millrace.Tests.Chaos.Witnessing;

/// <summary>What a handler saw happen to its attempt.</summary>
internal enum WitnessEvent
{
    /// <summary>The handler was entered.</summary>
    Begin,

    /// <summary>It returned a success.</summary>
    Succeeded,

    /// <summary>It returned a failure on purpose.</summary>
    Failed,

    /// <summary>Its cancellation ended it.</summary>
    Stopped,
}
