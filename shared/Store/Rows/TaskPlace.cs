namespace Millrace.Store.Rows;

/// <summary>Where a task is: in which of the three tables.</summary>
internal enum TaskPlace
{
    Live,
    Finished,
    Dead,
}
