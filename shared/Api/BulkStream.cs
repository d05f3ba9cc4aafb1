using Millrace.Store;
using Millrace.Submit;

namespace Millrace.Api;

/// <summary>Where a bulk submission stands: the chunk that collects, the one that is being committed, and the counts.</summary>
internal sealed class BulkStream(TaskSubmitter submitter, string? traceParent, string? requestKey)
{
    private const int MostDetails = 1_000;

    private readonly List<RefusedLine> refused = [];
    private List<NewTask> chunk = [];
    private List<long> chunkLines = [];
    private Task<Acceptance> committing = Task.FromResult(default(Acceptance));
    private (List<NewTask> Tasks, List<long> Lines, long Line) inFlight = ([], [], 0);
    private long lines;
    private long accepted;
    private long duplicates;
    private long refusedCount;
    private long committedThrough;
    private bool skipping;

    /// <summary>The trace that all lines belong to.</summary>
    internal string? TraceParent => traceParent;

    /// <summary>The request's key and the line that is being read; a stream that was cut can be sent again as a whole.</summary>
    internal RequestKey? NextKey => RequestKey.Of(requestKey, lines + 1);

    internal bool IsFull => chunk.Count >= submitter.Options.BulkChunkLines;

    internal static string TooLong(int limit) => $"It is longer than {limit} bytes. Keep the data elsewhere and pass a reference to it.";

    internal void CountEmptyLine() => lines++;

    internal void Take(NewTask? task, Faults faults)
    {
        lines++;
        if (task is not null && !submitter.Room.TryTake(task.QueueName))
        {
            faults.Add("queue_name", Problems.Full(task.QueueName, submitter.Room.MaxDepth(task.QueueName)));
        }

        if (task is null || faults.Any)
        {
            Refuse(lines, faults.ByField());
            return;
        }

        chunk.Add(task);
        chunkLines.Add(lines);
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
        var faults = new Faults();
        faults.Add("line", TooLong(submitter.Options.MaxTaskBytes));
        Refuse(lines, faults.ByField());
        return true;
    }

    /// <summary>Sends the chunk off, once the one before is committed; reading goes on meanwhile.</summary>
    internal async Task CommitAsync(CancellationToken cancellation)
    {
        await SettleAsync();
        await submitter.Room.RefreshAsync(cancellation);
        inFlight = (chunk, chunkLines, lines);
        committing = submitter.SubmitAsync(chunk, cancellation);
        chunk = new List<NewTask>(submitter.Options.BulkChunkLines);
        chunkLines = new List<long>(submitter.Options.BulkChunkLines);
    }

    internal async Task FinishAsync(CancellationToken cancellation)
    {
        if (chunk.Count > 0)
        {
            await CommitAsync(cancellation);
        }

        await SettleAsync();
        committedThrough = lines;
    }

    internal BulkView View(Problem? problem) => new(
        accepted, duplicates, refusedCount, lines, committedThrough, [.. refused.OrderBy(static one => one.Line)], problem);

    private async Task SettleAsync()
    {
        var answer = await committing;
        accepted += inFlight.Tasks.Count - (answer.Clashes?.Count ?? 0);
        for (var i = 0; answer.Clashes is not null && i < inFlight.Tasks.Count; i++)
        {
            Settle(answer.Of(inFlight.Tasks[i].Id), inFlight.Lines[i]);
        }

        committedThrough = Math.Max(committedThrough, inFlight.Line);
        inFlight = ([], [], 0);
        committing = Task.FromResult(default(Acceptance));
    }

    private void Settle(KeyClash? clash, long line)
    {
        if (clash is { IsSame: true })
        {
            duplicates++;
        }
        else if (clash is not null)
        {
            Refuse(line, Problems.Fault("key", SubmitAnswers.Mistake(clash)));
        }
    }

    private void Refuse(long line, IReadOnlyDictionary<string, string[]> errors)
    {
        refusedCount++;
        if (refused.Count < MostDetails)
        {
            refused.Add(new RefusedLine(line, errors));
        }
    }
}
