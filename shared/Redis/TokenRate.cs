namespace Millrace.Redis;

/// <summary>A token bucket: one token comes each <paramref name="Interval"/>, and up to <paramref name="Burst"/> are kept.</summary>
internal readonly record struct TokenRate(TimeSpan Interval, int Burst)
{
    /// <summary>How long an empty bucket takes to be full.</summary>
    internal TimeSpan Whole => Interval * Burst;
}
