namespace Millrace.Local.Demo;

/// <summary>The flights of one origin. Delays are sums over the flights that were graded.</summary>
internal sealed record AirportRow(string Origin, int Flights, int Graded, long DelayMinutes, int OnTime, int Rejected, int Failed)
{
    internal double? MeanDelay => Graded == 0 ? null : (double)DelayMinutes / Graded;

    internal double? OnTimeShare => Graded == 0 ? null : (double)OnTime / Graded;

    /// <summary>Several origins as one.</summary>
    internal static AirportRow Sum(string name, IReadOnlyCollection<AirportRow> rows) => new(
        name,
        rows.Sum(static row => row.Flights),
        rows.Sum(static row => row.Graded),
        rows.Sum(static row => row.DelayMinutes),
        rows.Sum(static row => row.OnTime),
        rows.Sum(static row => row.Rejected),
        rows.Sum(static row => row.Failed));
}
