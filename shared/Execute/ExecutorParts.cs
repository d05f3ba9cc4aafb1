using Millrace.Dispatch;
using Millrace.Redis;
using Millrace.Store;

namespace Millrace.Execute;

/// <summary>What an executor works with.</summary>
internal sealed record ExecutorParts(
    TaskStore Store,
    TaskDispatcher Dispatcher,
    DispatchNudge Nudge,
    StoreRetry Retry,
    AttemptRunner Runner,
    FailureLog Failures,
    TicketFinisher Finisher,
    ExecutorHeart Heart,
    TicketBeginning Beginning,
    ExecutorIdentity Identity,
    RedisSignal Signal,
    RedisLink Redis);
