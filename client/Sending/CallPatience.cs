namespace Millrace.Client;

/// <summary>What one call needs of the handlers below: time beyond the ordinary, or to be left alone.</summary>
/// <param name="Extra">Beyond the configured times; infinite for none at all.</param>
/// <param name="IsProbe">Asks for health: whatever comes is the answer, so it is not repeated and not held against the server.</param>
internal sealed record CallPatience(TimeSpan Extra, bool IsProbe)
{
    internal static readonly HttpRequestOptionsKey<CallPatience> Key = new("Millrace.Patience");

    internal static readonly CallPatience Ordinary = new(TimeSpan.Zero, false);

    internal static readonly CallPatience Probe = new(TimeSpan.Zero, true);

    internal static readonly CallPatience Endless = new(Timeout.InfiniteTimeSpan, false);

    internal static CallPatience Of(HttpRequestMessage? request) =>
        request is not null && request.Options.TryGetValue(Key, out var patience) ? patience : Ordinary;

    internal TimeSpan Longer(TimeSpan ordinary) => Extra == Timeout.InfiniteTimeSpan ? Timeout.InfiniteTimeSpan : ordinary + Extra;
}
