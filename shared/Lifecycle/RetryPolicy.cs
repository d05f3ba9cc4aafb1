namespace Millrace.Lifecycle;

/// <summary>How often and how late a failed task is tried again. Delays are in seconds.</summary>
internal readonly record struct RetryPolicy(short MaxRetries, float DelaySeconds, float Backoff, float MaxDelaySeconds)
{
    /// <summary>initial × multiplier^(failures so far − 1), capped. With the defaults: 5, 10, 20 s.</summary>
    /// <param name="failures">Attempts that have failed, this one included; 1 or more.</param>
    internal TimeSpan DelayAfter(int failures)
    {
        var seconds = DelaySeconds * Math.Pow(Backoff, failures - 1);
        return TimeSpan.FromSeconds(Math.Min(seconds, MaxDelaySeconds));
    }
}
