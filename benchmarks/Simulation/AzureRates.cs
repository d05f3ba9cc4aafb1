namespace Millrace.Benchmarks.Simulation;

/// <summary>
/// Limits and prices of Azure, for an order of magnitude: of a US region, in dollars, without reservations. Prices move; the price pages have today's.
/// </summary>
internal static class AzureRates
{
    internal const double StorageQueueMessages = 2_000;
    internal const double StorageAccountRequests = 20_000;

    internal const double VCoreHour = 0.089;
    internal const double StorageGigabyteMonth = 0.115;
    internal const double StorageCall = 0.004 / 10_000;
    internal const double FunctionRun = 0.4 / 1_000_000;
    internal const double GigabyteSecond = 0.000026;

    /// <summary>General purpose: virtual cores, and the connections that it takes by default.</summary>
    internal static readonly (int VCores, int Connections)[] Servers =
        [(2, 859), (4, 1_718), (8, 3_437), (16, 5_000), (32, 5_000), (48, 5_000), (64, 5_000), (96, 5_000)];
}
