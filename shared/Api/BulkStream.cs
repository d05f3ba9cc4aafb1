using Millrace.Store;
using Millrace.Submit;

namespace Millrace.Api;

/// <summary>Where a bulk submission stands: the chunk that collects, the one that is being committed, and the counts.</summary>
internal sealed class BulkStream(TaskSubmitter submitter, string? traceParent)
{
    private const int MostDetails = 1_000;

    private readonly List<RefusedLine> refused = [];
    private List<NewTask> chunk = [];
    private Task committing = Task.CompletedTask;
    private (int Tasks, long Line) inFlight;
    private long lines;
    private long accepted;
    private long refusedCount;
    private long committedThrough;
    private bool skipping;

    /// <summary>The trace that all lines belong to.</summary>
    internal string? TraceParent => traceParent;

    internal bool IsFull => chunk.Count >= submitter.Options.BulkChunkLines;

    internal static string TooLong(int limit) => $"It is longer than {limit} bytes. Keep the data elsewhere and pass a reference to it.";

    internal void CountEmptyLine() => lines++;

    internal void Take(NewTask? task, Faults faults)
    {
        lines++;
        if (task is not null)
        {
            chunk.Add(task);
            return;
        }

        Refuse(faults);
    }

    /// <summary>The line that is being read is too long; what follows of it is passed over.</summary>
    internal void SkipToLineEnd() => skipping = true;

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
        Refuse(faults);
        return true;
    }

    /// <summary>Sends the chunk off, once the one before is committed; reading goes on meanwhile.</summary>
    internal async Task CommitAsync(CancellationToken cancellation)
    {
        await SettleAsync();
        inFlight = (chunk.Count, lines);
        committing = submitter.SubmitAsync(chunk, cancellation);
        chunk = new List<NewTask>(submitter.Options.BulkChunkLines);
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

    internal BulkView View(Problem? problem) => new(accepted, refusedCount, lines, committedThrough, refused, problem);

    private async Task SettleAsync()
    {
        await committing;
        accepted += inFlight.Tasks;
        committedThrough = Math.Max(committedThrough, inFlight.Line);
        inFlight = default;
        committing = Task.CompletedTask;
    }

    private void Refuse(Faults faults)
    {
        refusedCount++;
        if (refused.Count < MostDetails)
        {
            refused.Add(new RefusedLine(lines, faults.ByField()));
        }
    }
}
