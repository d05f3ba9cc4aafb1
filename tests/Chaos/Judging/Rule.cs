namespace Millrace.Tests.Chaos.Judging;

/// <summary>What every try is judged by.</summary>
internal enum Rule
{
    /// <summary>What was accepted with 2xx has a row.</summary>
    Lost,

    /// <summary>A task has one row, in one place.</summary>
    Doubled,

    /// <summary>Nothing begins after its end was recorded.</summary>
    BegunLate,

    /// <summary>A task has the end that it was given: a success that its handler returned, a cancel that somebody asked for.</summary>
    Unearned,

    /// <summary>No task runs a second time while a process that lives and is awake runs it, or has done it.</summary>
    RunTwice,

    /// <summary>An attempt counts as crashed only if its process died with it.</summary>
    Charged,

    /// <summary>No task has more attempts than it may have.</summary>
    Attempts,

    /// <summary>A task dies only for what it did itself.</summary>
    DiedWrongly,

    /// <summary>The ledger adds up, and nothing is left behind.</summary>
    Ledger,

    /// <summary>Everything ends in the end.</summary>
    Undrained,

    /// <summary>Fresh work starts in time.</summary>
    Fresh,

    /// <summary>Work that was there before goes on in time.</summary>
    Resumed,

    /// <summary>No executor ends by itself.</summary>
    Host,

    /// <summary>An executor that is asked to stop ends in time.</summary>
    Stopped,
}
