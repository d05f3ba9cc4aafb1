using System.Globalization;
using Millrace.Local.Services;
using Millrace.Tests.Chaos.Faults;
using Npgsql;

[assembly: AssemblyFixture(typeof(Millrace.Tests.Support.TestServers))]

namespace Millrace.Tests.Support;

/// <summary>
/// PostgreSQL, Azurite and Garnet of a test run: started by the first test that asks, stopped and emptied at the end. Tests
/// stay apart by databases and storage accounts; who breaks a server brings up servers of its own.
/// </summary>
public sealed class TestServers : IAsyncLifetime
{
    private const int Accounts = 500;

    // Any key will do on loopback; this is the one in Azurite's documentation.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly Lazy<Task<OwnServers>> Shared = new(() => OwnServers.StartAsync("run", Enum.GetValues<ServerKind>()));

    private static int lastAccount;

    private static readonly Lazy<Task<Pooler>> Bouncer = new(async () =>
        await Pooler.StartAsync(new NpgsqlConnectionStringBuilder(await PostgresAsync()).Port, static _ => { }, CancellationToken.None));

    private static readonly Lazy<Task<DistributionServer>> Distribution = new(DistributionServer.StartAsync);

    internal static ServerUnderTest UnderTest { get; } = Environment.GetEnvironmentVariable("MILLRACE_TEST_SERVER") is { Length: > 0 } word
        ? Enum.Parse<ServerUnderTest>(word, ignoreCase: true) : ServerUnderTest.Embedded;

    internal static async Task<string> PostgresAsync() =>
        UnderTest == ServerUnderTest.Distribution ? await DistributionAsync() : (await Shared.Value).Set.PostgresConnectionString!;

    /// <summary>The port of PgBouncer before <see cref="PostgresAsync"/>.</summary>
    internal static async Task<int> PoolerAsync()
    {
        Assert.SkipWhen(Pooler.Program is null, "PgBouncer is not installed here (package pgbouncer).");
        return (await Bouncer.Value).Port;
    }

    /// <summary>The distribution's PostgreSQL; the test is skipped where there is none.</summary>
    internal static async Task<string> DistributionAsync()
    {
        Assert.SkipWhen(DistributionServer.Programs is null, DistributionServer.Missing);
        return (await Distribution.Value).ConnectionString;
    }

    internal static async Task<string> RedisAsync() => (await Shared.Value).Set.RedisConnectionString!;

    /// <summary>A storage account of the caller's own: the names of the queues are constants.</summary>
    internal static async Task<string> NewStorageAccountAsync() => OfNewAccount((await Shared.Value).Set.StorageConnectionString!);

    internal static string OfNewAccount(string storage) =>
        storage.Replace("devstoreaccount1", AccountName(Interlocked.Increment(ref lastAccount)), StringComparison.Ordinal);

    /// <summary>What Azurite is told in its environment. The account that it has by itself stays.</summary>
    internal static void NameAccounts()
    {
        var names = Enumerable.Range(1, Accounts).Select(AccountName).Prepend("devstoreaccount1");
        Environment.SetEnvironmentVariable("AZURITE_ACCOUNTS", string.Join(';', names.Select(static name => $"{name}:{Key}")));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Shared.IsValueCreated)
        {
            await (await Shared.Value).DisposeAsync();
        }

        if (Bouncer.IsValueCreated)
        {
            await (await Bouncer.Value).DisposeAsync();
        }

        if (Distribution.IsValueCreated)
        {
            await (await Distribution.Value).DisposeAsync();
        }
    }

    private static string AccountName(int number) => string.Create(CultureInfo.InvariantCulture, $"test{number:0000}");
}
