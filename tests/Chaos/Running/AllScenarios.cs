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
        .. StopStorm.EveryWay, new ExecutorFrozen(), new FrozenWithWorkBehind(), new PausedWhileFrozen(),
        new CrashBesideFreshWork(), new InnocentsOfACrash(64, 5), new InnocentsOfACrash(128, 45), new KillerAmongNeighbours(), new BlockedThreads(),
        new WrongClock("+1h", "ahead"), new WrongClock("-1h", "behind"),
        new PostgresFrozen(), new SessionFrozen(), new PostgresKilled(), new LongOutage(), new SessionsEnded(), new StatementsCancelled(),
        new CancelsAndEnds(), new ConnectionsTaken(), new TasksLocked(), new TicketsLocked(), new ReadOnlyDatabase(), new ReadOnlySystem(),
        new ShortStatements(), new DiskFull(), new PoolerKilled(),
        new PostgresHalfOpen(), new StorageHalfOpen(), new ConnectionsCut(), new ConnectionsRefused(), new SlowNetwork(),
        new StorageFrozen(), new StorageStopped(), new StorageAwayManyQueues(), new StorageWiped(),
        new MessagesLost(), new MessagesDoubled(), new MessagesDelayed(), new MessagesShuffled(), new MessagesGarbled(), new MessagesInvented(),
        new RedisStopped(), new RedisFrozen(), new RedisEmptied(), new RedisGarbage(),
    ];

    /// <summary>What has told most: a death, a sleep, an outage of each server, and a handler that kills.</summary>
    internal static IReadOnlyList<Scenario> Short { get; } =
        [new FrozenWithWorkBehind(), new KilledAtRandom(), new StorageFrozen(), new PostgresKilled(), new StatementsCancelled(), new KillerAmongNeighbours()];
}
