using Microsoft.AspNetCore.Http;
using Millrace.Submit;

namespace Millrace.Api.Requests;

/// <summary>Which page of the queues is asked for: those behind a name, and how many.</summary>
internal sealed record QueueListQuery(string Behind, int Limit)
{
    internal const int DefaultLimit = 100;
    internal const int MostPerPage = 1_000;

    private static readonly string[] Known = ["limit", "cursor"];

    internal static QueueListQuery Read(IQueryCollection query, Faults faults)
    {
        var values = new QueryValues(query, Known, faults);
        var behind = values.Text("cursor") is { } text ? QueueCursor.Read(text) : string.Empty;
        if (behind is null)
        {
            faults.Add("cursor", "Is not a cursor of this list. Use the next_cursor of the page before, or leave it out for the first page.");
        }

        return new(behind ?? string.Empty, values.Limit(DefaultLimit, MostPerPage));
    }
}
