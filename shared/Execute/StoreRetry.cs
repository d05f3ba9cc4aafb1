using Microsoft.Extensions.Logging;
using Millrace.Store;
using Npgsql;

namespace Millrace.Execute;

/// <summary>
/// Repeats a statement until PostgreSQL does it. Only for statements that do no harm the second time: the first may have been done, and its answer lost.
/// One of all that wait asks often; when it has its answer, the others ask at once. So a process is back in a moment, and does not trouble a PostgreSQL that starts.
/// </summary>
internal sealed partial class StoreRetry(TimeProvider clock, ILogger<StoreRetry> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseOfScout = TimeSpan.FromMilliseconds(200);

    private volatile TaskCompletionSource answered = New();
    private int scouts;

    /// <summary>Whatever it throws but a refusal of the values is an outage: a statement whose end is not known is repeated too.</summary>
    /// <exception cref="NpgsqlException">PostgreSQL refuses the values, or has not done it for <paramref name="longest"/>.</exception>
    internal async Task<T> RepeatAsync<T>(Func<Task<T>> statement, TimeSpan longest)
    {
        var since = clock.GetTimestamp();
        var isScout = false;
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                var next = answered.Task;
                try
                {
                    var answer = await statement();
                    if (pause > FirstPause)
                    {
                        TellOthers();
                    }

                    return answer;
                }
                catch (Exception exception) when (!StoreOutage.IsRefusal(exception) && clock.GetElapsedTime(since) < longest)
                {
                    LogAway(exception.Message);
                    isScout = isScout || Interlocked.Exchange(ref scouts, 1) == 0;
                    await next.WaitAsync(isScout && pause > PauseOfScout ? PauseOfScout : pause, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        finally
        {
            if (isScout)
            {
                Volatile.Write(ref scouts, 0);
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void TellOthers() => Interlocked.Exchange(ref answered, New()).TrySetResult();

    [LoggerMessage(3201, LogLevel.Warning, "PostgreSQL has not done it ({Reason}); started and finished work waits for it")]
    private partial void LogAway(string reason);
}
