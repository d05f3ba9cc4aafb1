namespace Millrace.Store;

/// <summary>Counts what this process costs until <see cref="Take"/> hands it over.</summary>
internal sealed class CostMeter
{
    private readonly long[] amounts = new long[Enum.GetValues<CostKind>().Length];

    internal void Add(CostKind kind, long amount = 1) => Interlocked.Add(ref amounts[(int)kind], amount);

    /// <summary>What has come together since the last time, by kind.</summary>
    internal long[] Take() => Array.ConvertAll(Enum.GetValues<CostKind>(), kind => Interlocked.Exchange(ref amounts[(int)kind], 0));
}
