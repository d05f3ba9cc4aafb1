using System.Globalization;
using Microsoft.Azure.Functions.Worker;

namespace Millrace.Local.Hosting.Timers;

/// <summary>When a failed timer run is tried again, from its retry attribute. Pure.</summary>
internal sealed record RetrySchedule(int MaxRetryCount, TimeSpan First, TimeSpan Most)
{
    public static RetrySchedule None { get; } = new(0, TimeSpan.Zero, TimeSpan.Zero);

    public static RetrySchedule From(RetryAttribute? attribute) => attribute switch
    {
        FixedDelayRetryAttribute same => new(same.MaxRetryCount, Parse(same.DelayInterval), Parse(same.DelayInterval)),
        ExponentialBackoffRetryAttribute growing => new(growing.MaxRetryCount, Parse(growing.MinimumInterval), Parse(growing.MaximumInterval)),
        _ => None,
    };

    /// <summary>-1 retries means for ever, until the host stops.</summary>
    public bool Allows(int retry) => MaxRetryCount == -1 || retry < MaxRetryCount;

    public TimeSpan Delay(int retry)
    {
        var doubled = First * Math.Pow(2, Math.Min(retry, 30));
        return doubled < Most ? doubled : Most;
    }

    private static TimeSpan Parse(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
