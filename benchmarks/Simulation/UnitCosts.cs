namespace Millrace.Benchmarks.Simulation;

/// <summary>What one task and one instance cost. <c>docs/benchmarks.md</c> has the measurements.</summary>
internal static class UnitCosts
{
    /// <summary>Processor time of PostgreSQL for a task that comes in a batch, is claimed, run and finished, in seconds. Measured.</summary>
    internal const double PostgresPerTask = 80e-6;

    /// <summary>The same for a task that comes in a request of its own. Assumed: twice as much.</summary>
    internal const double PostgresPerSingle = 160e-6;

    /// <summary>Of a heartbeat, every three seconds. Assumed.</summary>
    internal const double PostgresPerInstance = 0.5e-3 / 3;

    /// <summary>Bytes written ahead for a task. Measured, between 1,724 and 2,062.</summary>
    internal const double WalPerTask = 1_750;

    /// <summary>Connections of a busy instance, of the 20 it may have. Assumed.</summary>
    internal const double Connections = 6;

    /// <summary>Requests to the storage account for a task, when there is so much work that tickets are full. Measured, 167 to 231 for a million.</summary>
    internal const double StorageCallsPerTask = 200e-6;

    /// <summary>Three triggers that poll every two seconds, as host.json says, each a second time for the scale controller. Assumed.</summary>
    internal const double StorageCallsPerInstance = 3;

    /// <summary>Runs of functions for a task, besides the request that brings it. Measured, 170 to 228 for a million.</summary>
    internal const double RunsPerTask = 200e-6;

    /// <summary>Seconds of an instance's processor for a task. Measured.</summary>
    internal const double HostPerTask = 57e-6;
}
