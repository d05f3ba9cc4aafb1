using Millrace.Api.Answers;
using Millrace.Api.Views;
using Millrace.Store.Rows;
using Millrace.Submit;

namespace Millrace.Api.Submission;

/// <summary>Where a bulk submission stands: the chunk that collects, the one that is being committed, and the counts.</summary>
internal sealed class BulkStream(TaskSubmitter submitter, string? traceParent, string? requestKey)
{
    /// <summary>A chunk is sent off before its lines take more memory than this, however few they are.</summary>
    private const int LargestChunk = 8 * 1_048_576;

    private readonly List<RefusedLine> refused = [];
    private List<NewTask> chunk = [];
    private List<long> chunkLines = [];
    private List<(NewTask Task, long Line)> crowded = [];
    private Task<Acceptance> committing = Task.FromResult(default(Acceptance));
    private (List<NewTask> Tasks, List<long> Lines, long Line) inFlight = ([], [], 0);
    private long lines;
    private long accepted;
    private long duplicates;
    private long refusedCount;
    private long committedThrough;
    private long chunkBytes;
    private bool skipping;

    /// <summary>How many faults of the whole stream are told.</summary>
    internal FaultBudget Budget { get; } = new();

    /// <summary>The trace that all lines belong to.</summary>
    internal string? TraceParent => traceParent;

    /// <summary>The request's key and the line that is being read; a stream that was cut can be sent again as a whole.</summary>
    internal RequestKey? NextKey => RequestKey.Of(requestKey, lines + 1);

    internal long Lines => lines;

    internal long CommittedThrough => committedThrough;

    internal bool IsFull => chunk.Count + crowded.Count >= submitter.Options.BulkChunkLines || chunkBytes >= LargestChunk;

    internal static string TooLong(int limit) => $"It is longer than {limit} bytes. Keep the data elsewhere and pass a reference to it.";

    internal void CountEmptyLine() => lines++;

    internal void Take(NewTask? task, Faults faults)
    {
        lines++;
        if (task is null)
        {
            Refuse(lines, faults.Told());
            return;
        }

        chunkBytes += task.Data.Length + (task.Context?.Length ?? 0);
        if (submitter.Room.TryTake(task.QueueName))
        {
            chunk.Add(task);
            chunkLines.Add(lines);
        }
        else
        {
            crowded.Add((task, lines));
        }
    }

    /// <summary>The line that is being read is too long; what follows of it is passed over.</summary>
    internal void SkipToLineEnd() => skipping = true;

    /// <summary>The line that is passed over has not ended yet.</summary>
    internal bool IsSkipping => skipping;

    /// <summary>True when this was the end of a line that is passed over.</summary>
    internal bool EndsSkippedLine()
    {
        if (!skipping)
        {
            return false;
        }

        skipping = false;
        lines++;
        Refuse(lines, Budget.Of("line", TooLong(submitter.Options.MaxTaskBytes)));
        return true;
    }

    /// <summary>
    /// Sends the chunk off, once the one before is committed; reading goes on meanwhile. What was sent off is not called back when
    /// the client goes: then it would not be known what became of it.
    /// </summary>
    internal async Task CommitAsync(CancellationToken cancellation)
    {
        await SettleAsync();
        await submitter.Room.RefreshAsync(cancellation);
        await JudgeCrowdedAsync(cancellation);
        inFlight = (chunk, chunkLines, lines);
        committing = chunk.Count == 0 ? Task.FromResult(default(Acceptance)) : submitter.SubmitAsync(chunk, CancellationToken.None);
        chunk = new List<NewTask>(submitter.Options.BulkChunkLines);
        chunkLines = new List<long>(submitter.Options.BulkChunkLines);
        chunkBytes = 0;
    }

    internal async Task FinishAsync(CancellationToken cancellation)
    {
        if (chunk.Count + crowded.Count > 0)
        {
            await CommitAsync(cancellation);
        }

        await SettleAsync();
        committedThrough = lines;
    }

    /// <summary>The chunk that was sent off is committed and counted. What collects is not touched.</summary>
    internal async Task SettleAsync()
    {
        var answer = await committing;
        accepted += inFlight.Tasks.Count - (answer.Clashes?.Count ?? 0);
        for (var i = 0; answer.Clashes is not null && i < inFlight.Tasks.Count; i++)
        {
            if (answer.Of(inFlight.Tasks[i].Id) is { } clash)
            {
                submitter.Room.Return(inFlight.Tasks[i].QueueName);
                Settle(clash, inFlight.Lines[i]);
            }
        }

        committedThrough = Math.Max(committedThrough, inFlight.Line);
        inFlight = ([], [], 0);
        committing = Task.FromResult(default(Acceptance));
    }

    internal BulkView View(Problem? problem) => new(
        accepted, duplicates, refusedCount, lines, committedThrough, [.. refused.OrderBy(static one => one.Line)], problem)
    {
        More = Budget.More,
    };

    /// <summary>Lines for which their queue has no room: accepted before, or refused now.</summary>
    private async Task JudgeCrowdedAsync(CancellationToken cancellation)
    {
        if (crowded.Count == 0)
        {
            return;
        }

        var known = await submitter.KnownAsync([.. crowded.Select(static one => one.Task)], cancellation);
        foreach (var (task, line) in crowded)
        {
            if (known.TryGetValue(task.Id, out var clash))
            {
                Settle(clash, line);
            }
            else
            {
                Refuse(line, Budget.Of("queue_name", Problems.Full(task.QueueName, submitter.Room.MaxDepth(task.QueueName))));
            }
        }

        crowded = [];
    }

    private void Settle(KeyClash clash, long line)
    {
        if (clash.IsSame)
        {
            duplicates++;
        }
        else
        {
            Refuse(line, Budget.Of("key", SubmitAnswers.Mistake(clash)));
        }
    }

    /// <summary>All are counted; those of which nothing is told are not named.</summary>
    private void Refuse(long line, IReadOnlyDictionary<string, string[]>? errors)
    {
        refusedCount++;
        if (errors is { Count: > 0 })
        {
            refused.Add(new RefusedLine(line, errors));
        }
    }
}
