using Millrace.Tests.Chaos.Scenarios.Findings;
using Millrace.Tests.Chaos.Scenarios.Network;
using Millrace.Tests.Chaos.Scenarios.Postgres;
using Millrace.Tests.Chaos.Scenarios.Processes;
using Millrace.Tests.Chaos.Scenarios.Redis;
using Millrace.Tests.Chaos.Scenarios.Storage;
using Millrace.Tests.Chaos.Trying;

namespace Millrace.Tests.Chaos.Running;

/// <summary>Every scenario, in the order of the table; and those of the short form.</summary>
internal static class AllScenarios
{
    internal static IReadOnlyList<Scenario> Long { get; } =
    [
        new KilledAtRandom(), new AllKilled(), .. Enumerable.Range(1, KilledAtCheckpoint.Last).Select(static number => new KilledAtCheckpoint(number)),
        .. StopStorm.EveryWay, new ExecutorFrozen(), .. FrozenWithWorkBehind.EveryWay, new PausedWhileFrozen(),
        new CrashBesideFreshWork(), new InnocentsOfACrash(64, 15), new InnocentsOfACrash(128, 45), new KillerAmongNeighbours(), new BlockedThreads(),
        new WrongClock("+1h", "ahead"), new WrongClock("-1h", "behind"),
        new PostgresFrozen(), new SessionFrozen(), new PostgresKilled(), new LongOutage(), new SessionsEnded(), new StatementsCancelled(),
        new CancelsAndEnds(), new ConnectionsTaken(), new TableLocked("tasks"), new TableLocked("tickets"),
        new DatabaseDefault("read-only-database", "the database read-only by default", "default_transaction_read_only", "on"), new ReadOnlySystem(),
        new DatabaseDefault("statement-timeout", "statement_timeout of 3 ms", "statement_timeout", "3ms"), new DiskFull(), new PoolerKilled(),
        .. HalfOpen.EveryServer, new ConnectionsCut(), new ConnectionsRefused(), new SlowNetwork(),
        new StorageFrozen(), new StorageStopped(), new StorageAwayManyQueues(), new StorageWiped(),
        .. MessagesMeddledWith.EveryWay,
        new RedisStopped(), new RedisFrozen(), new RedisEmptied(), new RedisGarbage(),
    ];

    /// <summary>What has told most: a death, a sleep, an outage of each server, and a handler that kills.</summary>
    internal static IReadOnlyList<Scenario> Short { get; } =
        [FrozenWithWorkBehind.Asleep, new KilledAtRandom(), new StorageFrozen(), new PostgresKilled(), new StatementsCancelled(), new KillerAmongNeighbours()];
}
