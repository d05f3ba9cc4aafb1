using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Millrace.Api.Answers;
using Millrace.Api.Views;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.DeadLetters;

/// <summary>Tasks as NDJSON, read page by page. When the database goes away meanwhile, the answer ends without its proper end.</summary>
internal sealed class ExportAnswer(TaskStore store, TaskFilter filter) : IResult
{
    /// <summary>A task may have a megabyte, and a page of them is in memory.</summary>
    private const int AtOnce = 50;

    private const int LookedAtAtOnce = 4_000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellation = httpContext.RequestAborted;
        IReadOnlyList<StoredTask> page;
        TaskId? before;
        try
        {
            // The first page before the first byte: a database that is away is still told by the status.
            (page, before) = await ReadAsync(null, cancellation);
        }
        catch (NpgsqlException exception) when (StoreOutage.IsOne(exception))
        {
            await Problems.StoreUnavailable().ExecuteAsync(httpContext);
            return;
        }

        httpContext.Response.ContentType = "application/x-ndjson";
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            // Nobody reads it, so nothing more is read.
            return;
        }

        await WriteAsync(httpContext, page);
        while (before is not null)
        {
            (page, before) = await ReadAsync(before, cancellation);
            await WriteAsync(httpContext, page);
        }
    }

    private async Task<(IReadOnlyList<StoredTask> Page, TaskId? Before)> ReadAsync(TaskId? before, CancellationToken cancellation)
    {
        var (ids, floor) = await store.SearchIdsAsync(filter with { Before = before, Limit = AtOnce }, filter.IsDeep ? LookedAtAtOnce : AtOnce, cancellation);
        return (await store.DeadLettersAsync(ids, cancellation), ids.Count == AtOnce ? ids[^1] : floor);
    }

    private static async Task WriteAsync(HttpContext context, IReadOnlyList<StoredTask> page)
    {
        foreach (var task in page)
        {
            await context.Response.BodyWriter.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(TaskView.From(task), ApiJson.Readable.TaskView), context.RequestAborted);
            await context.Response.BodyWriter.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
        }
    }
}
