using Microsoft.Extensions.Hosting;
using Millrace.Dispatch;
using Millrace.Redis;
using Millrace.Store;

namespace Millrace.Execute;

/// <summary>What an executor works with.</summary>
internal sealed record ExecutorParts(
    TaskStore Store,
    DispatchNudge Nudge,
    StoreRetry Retry,
    AttemptRunner Runner,
    FailureLog Failures,
    TicketFinisher Finisher,
    ExecutorHeart Heart,
    TicketBeginning Beginning,
    ProcessPlaces Places,
    SuspectTrials Trials,
    RunningInvocations Invocations,
    IHostApplicationLifetime Process,
    ExecutorIdentity Identity,
    RedisSignal Signal);
