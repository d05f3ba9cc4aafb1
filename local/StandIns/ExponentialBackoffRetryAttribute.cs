using System.Globalization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Retries after a delay that doubles between two bounds. Twin of the type in Worker.Extensions.Abstractions.</summary>
public sealed class ExponentialBackoffRetryAttribute : RetryAttribute
{
    public ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval)
    {
        var minimum = Interval(minimumInterval, nameof(minimumInterval));
        if (minimum > Interval(maximumInterval, nameof(maximumInterval)))
        {
            throw new ArgumentException("Write a minimum interval that is not above the maximum.", nameof(minimumInterval));
        }

        MaxRetryCount = maxRetryCount;
        MinimumInterval = minimumInterval;
        MaximumInterval = maximumInterval;
    }

    public string MinimumInterval { get; }

    public string MaximumInterval { get; }

    private static TimeSpan Interval(string text, string parameter) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval >= TimeSpan.Zero
            ? interval
            : throw new ArgumentOutOfRangeException(parameter, "Write the interval as hh:mm:ss, not negative.");
}
