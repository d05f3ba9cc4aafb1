using System.Globalization;

namespace Millrace.Client;

public sealed partial class MillraceClient
{
    /// <summary>The API holds an answer back for up to a minute; half of it leaves room for proxies in between.</summary>
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Waits until the task has ended, and says how. When it has not within <paramref name="longest"/> (to the second),
    /// <see cref="TaskResult.HasEnded"/> is false.
    /// </summary>
    /// <exception cref="MillraceException">There is no such task (404).</exception>
    public async Task<TaskResult> WaitAsync(Guid id, TimeSpan longest, CancellationToken cancellation = default)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            var asked = clock.GetTimestamp();
            var poll = Poll(longest - clock.GetElapsedTime(start));
            var (result, pause) = await PollAsync(id, poll, cancellation);
            var left = longest - clock.GetElapsedTime(start);
            if (result.HasEnded || left <= TimeSpan.Zero)
            {
                return result;
            }

            // It was not held back for as long as was asked, so asking again at once would be a storm.
            if (clock.GetElapsedTime(asked) < poll)
            {
                await Task.Delay(left < pause ? left : pause, clock, cancellation);
            }
        }
    }

    private static TimeSpan Poll(TimeSpan left) => left > LongestPoll ? LongestPoll
        : left < ShortestPoll ? ShortestPoll
        : TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds));

    private async Task<(TaskResult Result, TimeSpan Pause)> PollAsync(Guid id, TimeSpan poll, CancellationToken cancellation)
    {
        var wait = string.Create(CultureInfo.InvariantCulture, $"{(int)poll.TotalSeconds}s");
        var request = With(Get(new Query(Of(id, "result")).With("wait", wait).ToString()), new CallPatience(poll, false));
        using var answer = await SendAsync(request, cancellation);
        var result = await ReadAsync(answer, MillraceJson.Plain.TaskResult, cancellation);
        return (result, Refusal.RetryAfter(answer) ?? ShortestPoll);
    }
}
