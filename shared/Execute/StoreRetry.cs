using Microsoft.Extensions.Logging;
using Millrace.Store;
using Npgsql;

namespace Millrace.Execute;

/// <summary>Repeats a statement until PostgreSQL does it. Only for statements that do no harm the second time: the first may have been done, and its answer lost.</summary>
internal sealed partial class StoreRetry(TimeProvider clock, ILogger<StoreRetry> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Whatever it throws but a refusal of the values is an outage: a statement whose end is not known is repeated too.</summary>
    /// <exception cref="NpgsqlException">PostgreSQL refuses the values, or has not done it for <paramref name="longest"/>.</exception>
    internal async Task<T> RepeatAsync<T>(Func<Task<T>> statement, TimeSpan longest)
    {
        var since = clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : pause)
        {
            try
            {
                return await statement();
            }
            catch (Exception exception) when (!StoreOutage.IsRefusal(exception) && clock.GetElapsedTime(since) < longest)
            {
                LogAway(exception.Message);
                await Task.Delay(pause, clock, CancellationToken.None);
            }
        }
    }

    [LoggerMessage(3201, LogLevel.Warning, "PostgreSQL has not done it ({Reason}); started and finished work waits for it")]
    private partial void LogAway(string reason);
}
