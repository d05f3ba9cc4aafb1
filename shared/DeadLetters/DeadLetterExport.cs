using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.DeadLetters;

/// <summary>All dead letters that match, whole, a JSON object per line, newest first. In constant memory, whatever their number.</summary>
public sealed class DeadLetterExport
{
    private readonly TaskStore store;

    internal DeadLetterExport(TaskStore store) => this.store = store;

    /// <summary>The export; it is read while it is sent.</summary>
    public IResult Export(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var faults = new Faults();
        var values = new QueryValues(request.Query, TaskFilterFields.Names[1..], faults, TaskFilterFields.DataPrefix);
        var filter = TaskFilterFields.Read(values.All, faults) with { State = TaskState.Failed, Places = [TaskPlace.Dead] };
        return faults.Any ? Problems.InvalidQuery(faults.ByField()) : new ExportAnswer(store, filter);
    }
}
