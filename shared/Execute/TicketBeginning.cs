using Microsoft.Extensions.Logging;
using Millrace.Store;

namespace Millrace.Execute;

/// <summary>
/// Notes on the ticket which tasks are begun, some at a time and before they are. When the executor dies, the healer then
/// knows which tasks cannot have done it, and those lose nothing.
/// </summary>
internal sealed partial class TicketBeginning(TaskStore store, TimeProvider clock, ILogger<TicketBeginning> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Clears the next tasks of the run, if any wait. While PostgreSQL is away it tries again until the ticket is lost.</summary>
    internal async Task ClearAsync(TicketRun run)
    {
        while (!run.Lost && run.NextPlaceToClear() is { } place)
        {
            try
            {
                if (!await store.BeginAsync(run.Ticket, place, CancellationToken.None))
                {
                    run.Lose();
                    break;
                }

                // Before another may take back what has no place, and with it the word that these are begun.
                run.Clear(place);
                run.EndClearing();
                run.ClearOrWait();
                return;
            }
            catch (Exception exception)
            {
                LogAway(run.Ticket.Id.Value, exception.Message);
                run.KeepNoPromises();
                await Task.Delay(Pause, clock, CancellationToken.None);
            }
        }

        run.EndClearing();
        run.ClearOrWait();
    }

    /// <summary>Notes that what is cleared and has no place is not begun. If that cannot be written, it only counts as begun for longer.</summary>
    internal async Task TakeBackAsync(TicketRun run)
    {
        var (through, last) = run.TakeBackCleared();
        try
        {
            await store.TakeBackBeginAsync(run.Ticket, through, last, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogStillBegun(run.Ticket.Id.Value, exception.Message);
        }

        run.EndClearing();
        run.HelpWhatWaits();
    }

    [LoggerMessage(3401, LogLevel.Warning, "Ticket {Ticket}: tasks that have no place still count as begun: {Reason}")]
    private partial void LogStillBegun(long ticket, string reason);

    [LoggerMessage(3400, LogLevel.Warning, "Ticket {Ticket}: the next tasks cannot be begun yet: {Reason}")]
    private partial void LogAway(long ticket, string reason);
}
