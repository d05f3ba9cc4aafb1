namespace Millrace.Tests.Chaos.Facts;

/// <summary>The tables that a task's row may be in.</summary>
internal enum RowPlace
{
    /// <summary><c>tasks</c>: it waits or runs.</summary>
    Live,

    /// <summary><c>finished_tasks</c>.</summary>
    Finished,

    /// <summary><c>dead_letters</c>.</summary>
    Dead,
}
