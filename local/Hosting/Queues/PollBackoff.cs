namespace Millrace.Local.Hosting.Queues;

/// <summary>
/// How long to wait after an empty poll: 100 ms after messages, then randomized doubling up to a maximum, where it
/// stays until messages are found. Pure but for the given source of chance, uniform in [0, 1).
/// </summary>
internal sealed class PollBackoff(TimeSpan maximum, Func<double> chance)
{
    public static readonly TimeSpan Minimum = TimeSpan.FromMilliseconds(100);

    private bool foundMessages = true;
    private bool isAtMaximum;
    private int exponent;

    public void FoundMessages() => foundMessages = true;

    public TimeSpan Next()
    {
        if (foundMessages)
        {
            foundMessages = false;
            isAtMaximum = false;
            exponent = 1;
            return Minimum;
        }

        if (isAtMaximum)
        {
            return maximum;
        }

        var spread = 0.8 + (0.4 * chance());
        var interval = Minimum + (Minimum * (spread * Math.Pow(2, exponent - 1)));
        exponent++;
        isAtMaximum = interval >= maximum;
        return isAtMaximum ? maximum : interval;
    }
}
