namespace Millrace.Lifecycle;

/// <summary>How often and how late a failed task is tried again. Delays are in seconds.</summary>
internal readonly record struct RetryPolicy(short MaxRetries, float DelaySeconds, float Backoff, float MaxDelaySeconds)
{
    /// <summary>initial × multiplier^(failures so far − 1), capped. With the defaults: 5, 10, 20 s.</summary>
    /// <param name="failures">Attempts that have failed, this one included; 1 or more.</param>
    internal TimeSpan DelayAfter(int failures)
    {
        // 0 × ∞ is not a number, and then there is no delay; a cap beyond a year is not one either.
        var seconds = Math.Min(DelaySeconds * Math.Pow(Backoff, failures - 1), Math.Min(MaxDelaySeconds, 31_536_000));
        return double.IsNaN(seconds) ? TimeSpan.Zero : TimeSpan.FromSeconds(seconds);
    }
}
