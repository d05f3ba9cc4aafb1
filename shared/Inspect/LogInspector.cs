using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Millrace.Api.Answers;
using Millrace.Api.Requests;
using Millrace.Api.Views;
using Millrace.Lifecycle;
using Millrace.Store;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Inspect;

/// <summary>Shows what the handler of a task logged.</summary>
public sealed class LogInspector
{
    private static readonly string[] Known = ["limit", "cursor", "level"];
    private static readonly string[] Levels = [.. Enum.GetNames<LogLevel>().Where(static name => name != nameof(LogLevel.None))];

    private readonly TaskStore store;

    internal LogInspector(TaskStore store) => this.store = store;

    /// <summary>A page of lines, in the order they were written in.</summary>
    public Task<IResult> ListAsync(string id, HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return StoreFaults.AnswerAsync(async () =>
        {
            if (!Guid.TryParse(id, out var value))
            {
                return Problems.InvalidId(id);
            }

            var faults = new Faults();
            var query = new QueryValues(request.Query, Known, faults);
            var limit = query.Limit(TaskListQuery.DefaultLimit, TaskListQuery.MostPerPage);
            var (behind, levels) = (Behind(query, faults), AtLeast(query, faults));
            return faults.Any
                ? Problems.InvalidQuery(faults.ByField())
                : Answer(await store.LogsAsync(new TaskId(value), behind, limit + 1, levels, cancellation), value, limit);
        });
    }

    private static IResult Answer(IReadOnlyList<StoredLogLine>? read, Guid id, int limit)
    {
        if (read is null)
        {
            return Problems.TaskNotFound(id);
        }

        List<LogLineView> shown = [.. read.Take(limit).Select(static l => new LogLineView(l.At, l.Attempt, Word(l.Level), l.Message))];
        var page = new LogListView(shown, shown.Count, limit) { NextCursor = read.Count > limit ? LogCursor.Write(read[limit - 1].Seq) : null };
        return new JsonAnswer<LogListView>(StatusCodes.Status200OK, page, ApiJson.Readable.LogListView);
    }

    private static long Behind(QueryValues query, Faults faults)
    {
        if (query.Text("cursor") is not { } text)
        {
            return 0;
        }

        var behind = LogCursor.Read(text);
        if (behind is null)
        {
            faults.Add("cursor", "Is not a cursor of this list. Use the next_cursor of the page before, or leave it out for the first page.");
        }

        return behind ?? 0;
    }

    /// <summary>The level that was asked for and the graver ones; null for all.</summary>
    private static string[]? AtLeast(QueryValues query, Faults faults)
    {
        if (query.Text("level") is not { } text)
        {
            return null;
        }

        var least = Array.FindIndex(Levels, level => level.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (least < 0)
        {
            faults.Add("level", $"Is not a level. Use one of {string.Join(", ", Levels.Select(Word))}; it shows the graver ones, too.");
        }

        return Levels[Math.Max(least, 0)..];
    }

    private static string Word(string level) => string.Create(level.Length, level, static (word, text) => text.AsSpan().ToLowerInvariant(word));
}
