using System.Globalization;
using Spectre.Console;

namespace Millrace.Benchmarks.Simulation;

/// <summary>
/// What saturates first, from 10 to 1,000 instances and from 1 to 1,000 million tasks a day, and what a million tasks cost. Arithmetic with
/// unit costs: nothing is started.
/// </summary>
internal static class Simulate
{
    internal const string Verb = "simulate";

    /// <summary>The busiest hour has three times the mean, and half of the tasks come singly.</summary>
    private const double Peak = 3;
    private const double Single = 0.5;

    /// <summary>A server that is busier than this answers late.</summary>
    private const double Busy = 0.6;

    private const double KeptDays = 7;
    private const double BytesKept = 1_000;
    private const double InstanceGigabytes = 2;
    private const int PooledConnections = 100;

    private static readonly int[] Instances = [10, 100, 1_000];
    private static readonly double[] MillionsADay = [1, 10, 100, 1_000];

    internal static int Run()
    {
        var table = new Table().Border(TableBorder.Markdown).AddColumns(
            "instances", "million tasks a day", "tasks/s at peak", "PostgreSQL cores at peak", "WAL MB/s", "connections", "storage requests/s", "server", "saturates first", "$ per million");
        foreach (var instances in Instances)
        {
            foreach (var millions in MillionsADay)
            {
                table.AddRow(Row(instances, millions));
            }
        }

        AnsiConsole.Profile.Width = 220;
        AnsiConsole.Write(table);
        return 0;
    }

    private static string[] Row(int instances, double millions)
    {
        var peak = millions * 1_000_000 / TimeSpan.SecondsPerDay * Peak;
        var cores = (peak * ((Single * UnitCosts.PostgresPerSingle) + ((1 - Single) * UnitCosts.PostgresPerTask))) + (instances * UnitCosts.PostgresPerInstance);
        var connections = instances * UnitCosts.Connections;
        var storage = (peak * UnitCosts.StorageCallsPerTask) + (instances * UnitCosts.StorageCallsPerInstance);
        var server = AzureRates.Servers.FirstOrDefault(server => server.VCores * Busy >= cores);
        var pooled = server.VCores > 0 && connections > server.Connections;
        return
        [
            Show(instances), Show(millions), Show(peak), Show(cores), Show(peak * UnitCosts.WalPerTask / 1e6),
            pooled ? $"{Show(connections)}, by PgBouncer {PooledConnections}" : Show(connections), Show(storage),
            server.VCores == 0 ? "none" : $"{server.VCores} vCores", First(cores, server.VCores, storage, connections, server.Connections),
            server.VCores == 0 ? "-" : Show(Price(millions, server.VCores, storage)),
        ];
    }

    /// <summary>The share of what there is that is used most.</summary>
    private static string First(double cores, int vCores, double storage, double connections, int most)
    {
        (string What, double Share)[] shares =
        [
            ("PostgreSQL processors", cores / (vCores == 0 ? AzureRates.Servers[^1].VCores : vCores)),
            ("storage account", storage / AzureRates.StorageAccountRequests),
            ("connections", connections / (most == 0 ? AzureRates.Servers[^1].Connections : most)),
        ];
        var (what, share) = shares.MaxBy(static one => one.Share);
        return string.Create(CultureInfo.InvariantCulture, $"{what} ({share:P0})");
    }

    /// <summary>Of the server, its disk, storage requests, runs and the instances' time while they work; handlers' own time is not in it.</summary>
    private static double Price(double millions, int vCores, double storage)
    {
        var tasks = millions * 1_000_000;
        var database = (vCores * AzureRates.VCoreHour * 24) + (tasks * KeptDays * BytesKept / 1e9 * AzureRates.StorageGigabyteMonth / 30);
        var requests = storage / Peak * TimeSpan.SecondsPerDay * AzureRates.StorageCall;
        var runs = tasks * (Single + UnitCosts.RunsPerTask) * AzureRates.FunctionRun;
        var time = tasks * UnitCosts.HostPerTask * InstanceGigabytes * AzureRates.GigabyteSecond;
        return (database + requests + runs + time) / millions;
    }

    private static string Show(double value) => value.ToString(value < 10 ? "0.0#" : "N0", CultureInfo.InvariantCulture);
}
