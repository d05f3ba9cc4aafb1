using System.Globalization;

namespace Millrace.Local.Demo;

/// <summary>What this start has to do: begin a run, or finish the one that was cut short.</summary>
/// <param name="Run">The tag that all tasks of the run carry.</param>
/// <param name="Skip">Rows that were submitted by an earlier start.</param>
/// <param name="Total">Rows of a whole run.</param>
/// <param name="Waiting">Tasks of the run that have not ended yet.</param>
internal sealed record DemoPlan(string Run, int Skip, int Total, long Waiting)
{
    internal bool IsResumed => Skip > 0;

    internal string Sentence => this switch
    {
        { IsResumed: false } => Text($"Sending {Total:N0} flights to queue '{DemoStore.Queue}' as {Run}."),
        { Skip: var sent, Total: var total } when sent < total => Text(
            $"Going on with {Run}, which was cut short: {Waiting:N0} flights have not ended, {total - sent:N0} are still to be sent."),
        _ => Text($"Going on with {Run}, which was cut short: all flights were sent, {Waiting:N0} have not ended."),
    };

    /// <summary>The newest run with rows left to send, or any with live tasks, comes first. Rows are committed in their order, so the highest says how far it came.</summary>
    /// <param name="runs">Every run there has been, in any order.</param>
    /// <param name="total">Rows of a whole run.</param>
    /// <param name="newRun">The tag of a new run.</param>
    internal static DemoPlan For(IReadOnlyList<DemoRunState> runs, int total, string newRun)
    {
        var newest = runs.MaxBy(static run => run.Run, StringComparer.Ordinal);
        var open = newest is not null && (newest.Live > 0 || newest.LastRow < total) ? newest : runs.FirstOrDefault(static run => run.Live > 0);
        return open is null ? new(newRun, 0, total, 0) : new(open.Run, open.LastRow, total, open.Live);
    }

    private static string Text(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
