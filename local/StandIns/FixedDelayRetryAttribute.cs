using System.Globalization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Retries after the same delay each time. Twin of the type in Worker.Extensions.Abstractions.</summary>
public sealed class FixedDelayRetryAttribute : RetryAttribute
{
    public FixedDelayRetryAttribute(int maxRetryCount, string delayInterval)
    {
        if (!TimeSpan.TryParse(delayInterval, CultureInfo.InvariantCulture, out var delay) || delay < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(delayInterval), "Write the delay as hh:mm:ss, not negative.");
        }

        MaxRetryCount = maxRetryCount;
        DelayInterval = delayInterval;
    }

    public string DelayInterval { get; }
}
