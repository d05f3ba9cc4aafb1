namespace Millrace.Lifecycle;

/// <summary>The outcomes that finished_tasks holds; PostgreSQL's type <c>finished_as</c>.</summary>
internal enum FinishedAs
{
    /// <summary>The handler succeeded.</summary>
    Succeeded,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled,

    /// <summary>It was not started in time.</summary>
    Expired,
}
