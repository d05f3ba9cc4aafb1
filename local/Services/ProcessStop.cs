using Millrace.Local.Services.Processes;

namespace Millrace.Local.Services;

/// <summary>Ends a process, politely first. The process need not be a child of ours, so its end is looked for, not reported.</summary>
internal static class ProcessStop
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether the process is gone.</summary>
    public static async Task<bool> StopAsync(
        ProcessMark process, IReadOnlyList<StopStep> steps, TimeProvider timeProvider, CancellationToken cancellation)
    {
        foreach (var step in steps)
        {
            if (!process.IsAlive())
            {
                return true;
            }

            NativeMethods.Send(process.Id, step.Signal);
            if (await EndsAsync(process, step.Patience, timeProvider, cancellation))
            {
                return true;
            }
        }

        return !process.IsAlive();
    }

    private static async Task<bool> EndsAsync(
        ProcessMark process, TimeSpan patience, TimeProvider timeProvider, CancellationToken cancellation)
    {
        var started = timeProvider.GetTimestamp();
        while (timeProvider.GetElapsedTime(started) < patience)
        {
            if (!process.IsAlive())
            {
                return true;
            }

            await Task.Delay(Pause, timeProvider, cancellation);
        }

        return false;
    }
}
