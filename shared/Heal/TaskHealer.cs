using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Millrace.Dispatch;
using Millrace.Lifecycle;
using Millrace.Queues;
using Millrace.Store;
using Millrace.Store.Rows;
using Npgsql;

namespace Millrace.Heal;

/// <summary>
/// Gives back the work of dead executors and lost messages, ends what came too late, and keeps the books. A pass may run
/// at any time, in any number of processes.
/// </summary>
public sealed partial class TaskHealer
{
    private const int TicketsAtOnce = 10;
    private const int RowsAtOnce = 10_000;
    private const int MostRounds = 100;
    private const int MostForgetRounds = 500;
    private const int ResultsAtOnce = 500;
    private const int QueuesAtOnce = 200;
    private const int MostDays = 100;
    private const int MostTries = 4;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(250);

    private readonly TaskStore store;
    private readonly TaskDispatcher dispatcher;
    private readonly HealOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<TaskHealer> log;

    internal TaskHealer(TaskStore store, TaskDispatcher dispatcher, IOptions<HealOptions> options, TimeProvider clock, ILogger<TaskHealer> log)
    {
        this.clock = clock;
        this.store = store;
        this.dispatcher = dispatcher;
        this.options = options.Value;
        this.log = log;
    }

    private TimeSpan Lease => TimeSpan.FromSeconds(options.LeaseSeconds);

    /// <summary>Everything, by the timer.</summary>
    public async Task HealAllAsync(CancellationToken cancellation)
    {
        if (await store.FreeOrphansAsync(RowsAtOnce, cancellation) is > 0 and var orphans)
        {
            LogOrphans(orphans);
        }

        await AnnulCrashesAsync(cancellation);
        await RepeatAsync(store.ExpireAsync, cancellation);
        await RepeatAsync(store.FoldCountersAsync, cancellation);

        // Last, and noted before: while the storage account is away nothing can be sent, but the books are kept and the pass was made.
        await store.RecordPassAsync("heal", cancellation);
        await HealTicketsAsync(cancellation);
    }

    /// <summary>Tickets whose lease has ended; their tasks go out again at once. Plans the wake for the next lease to end.</summary>
    public async Task HealTicketsAsync(CancellationToken cancellation)
    {
        HashSet<string> queues = new(StringComparer.Ordinal);
        for (var round = 0; round < MostRounds; round++)
        {
            // Not stopped by shutdown in the middle: what is taken over and not given back would wait for this healer's lease.
            cancellation.ThrowIfCancellationRequested();
            var lost = await store.TakeOverAsync(
                TicketsAtOnce, Lease, TimeSpan.FromSeconds(options.RestartGraceSeconds), TimeSpan.FromSeconds(options.LastChanceSeconds), CancellationToken.None);
            foreach (var ticket in lost)
            {
                await TryGiveBackAsync(ticket);
                queues.Add(ticket.QueueName);
            }

            if (lost.Count == 0)
            {
                break;
            }
        }

        await dispatcher.DispatchManyAsync(queues, cancellation);
        await dispatcher.WatchLeasesAsync(cancellation);
    }

    /// <summary>A ticket message that the host gave up on. If nobody has started the ticket, its tasks go back.</summary>
    /// <param name="message">The text of the message on the poison queue.</param>
    /// <param name="cancellation">Stops between two statements.</param>
    public async Task HealPoisonAsync(string message, CancellationToken cancellation)
    {
        if (TicketMessage.Read(message) is not { } hint)
        {
            LogUnreadable(message.Length <= 200 ? message : message[..200]);
            return;
        }

        if (await store.TakeOverQueuedAsync(new TicketId(hint.TicketId), Lease, CancellationToken.None) is { } lost)
        {
            await TryGiveBackAsync(lost);
        }

        // Checkpoint 11: the ticket is healed, the poison message is there. It comes again and finds nothing to do.
        CrashCheckpoints.Pass(11);
        await dispatcher.DispatchAsync(hint.QueueName, cancellation);
    }

    /// <summary>Days ahead get their partitions; days beyond the retention are dropped and counted; keys, results and queues whose time is over go.</summary>
    public async Task HousekeepAsync(CancellationToken cancellation)
    {
        ExceptionDispatchInfo? failure = null;
        foreach (var chore in (Func<Task>[])
        [
            () => ChangeDaysAsync(cancellation),
            () => store.ForgetOldAsync(options.KeepDays, cancellation),
            () => RepeatAsync((atOnce, stop) => store.ForgetKeysAsync(options.KeepKeysHours, atOnce, stop), cancellation, MostForgetRounds),
            () => RepeatAsync(store.RemoveExpiredResultsAsync, cancellation, MostForgetRounds),
            () => RemoveQueuesAsync(cancellation),
        ])
        {
            try
            {
                await chore();
            }
            catch (NpgsqlException exception)
            {
                // The others need not wait until this one can be done.
                failure ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        failure?.Throw();
    }

    /// <summary>A few at a time, for whoever submits waits meanwhile.</summary>
    private async Task RemoveQueuesAsync(CancellationToken cancellation)
    {
        try
        {
            for (var round = 0; round < MostRounds && await store.RemoveUnusedQueuesAsync(QueuesAtOnce, cancellation) == QueuesAtOnce; round++)
            {
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Somebody writes for long. The next housekeeping finds the same queues.
        }
    }

    private async Task ChangeDaysAsync(CancellationToken cancellation)
    {
        try
        {
            await store.MakePartitionsAsync(cancellation);
            for (var day = 0; day < MostDays && await store.DropOldestPartitionAsync(options.KeepDays, cancellation) is { } dropped; day++)
            {
                LogDropped(dropped, options.KeepDays);
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Somebody reads for long. The rest of the housekeeping does not wait for it.
            LogDaysStay(exception.MessageText);
        }
    }

    /// <summary>What one ticket cannot have must not keep the others waiting for this healer's lease. One broken statement must not cost it this lease either.</summary>
    private async Task TryGiveBackAsync(LostTicket ticket)
    {
        for (var tries = 1; tries <= MostTries; tries++)
        {
            try
            {
                await GiveBackAsync(ticket);
                return;
            }
            catch (Exception exception) when (tries < MostTries)
            {
                LogNotHealedYet(ticket.Id, exception.Message);
                await Task.Delay(BetweenTries, clock, CancellationToken.None);
            }
            catch (Exception exception)
            {
                LogNotHealed(exception, ticket.Id, options.LeaseSeconds);
            }
        }
    }

    /// <summary>Not stopped in the middle by shutdown: what is annulled in the same statement goes on.</summary>
    private async Task AnnulCrashesAsync(CancellationToken cancellation)
    {
        try
        {
            await dispatcher.DispatchManyAsync(await store.AnnulCrashesAsync(CancellationToken.None), cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The next pass finds the same crashes. The rest of this one need not wait for it.
            LogNotAnnulled(exception);
        }
    }

    private async Task GiveBackAsync(LostTicket ticket)
    {
        // Checkpoint 9: the ticket is taken over, its tasks are not given back. The healer's lease ends too.
        CrashCheckpoints.Pass(9);
        var tasks = await store.HeldTasksAsync(ticket.Id, CancellationToken.None);
        await ApplyAsync(ticket, tasks, await SceneAsync(ticket, tasks));

        // Checkpoint 10: the tasks are given back, the ticket is there. It is empty, and is taken over once more.
        CrashCheckpoints.Pass(10);
        await store.CloseTicketAsync(ticket.Id, CancellationToken.None);
        if (tasks.Count == 0)
        {
            LogEmpty(ticket.Id);
        }
        else if (ticket.AgeMs is null)
        {
            LogNeverStarted(ticket.Id, tasks.Count, ticket.QueueName);
        }
        else
        {
            var near = tasks.Count(static task => task.Begun);
            LogCrashed(ticket.Id, ticket.QueueName, ticket.Executor, near, tasks.Count - near);
        }
    }

    /// <summary>What else was there when the ticket's executor died; null when nothing of it may have been begun.</summary>
    private async Task<CrashScene?> SceneAsync(LostTicket ticket, IReadOnlyList<HeldTask> tasks)
    {
        var begun = tasks.Count(static task => task.Begun);
        if (ticket.AgeMs is null || ticket.Executor is not { } executor || begun == 0)
        {
            return null;
        }

        var scene = await store.CrashSceneAsync(executor, ticket.Id, CancellationToken.None);
        return begun > 1 ? scene with { HadOthers = true } : scene;
    }

    private async Task ApplyAsync(LostTicket ticket, IReadOnlyList<HeldTask> tasks, CrashScene? scene)
    {
        // First: once the guilty is given back, nobody would do it if this healer died.
        foreach (var guilty in tasks.Where(task => PartOf(task, scene) == CrashPart.Guilty))
        {
            LogGuilty(guilty.Id, ticket.QueueName, await store.AcquitAsync(guilty.Id, CancellationToken.None));
        }

        var unchanged = 0;
        foreach (var chunk in tasks.Chunk(ResultsAtOnce))
        {
            var results = Array.ConvertAll(chunk, task => Judge(ticket, task, scene));
            unchanged += (await store.ApplyAsync(ticket.Id, ticket.Executor, results, Parts(chunk, scene), CancellationToken.None)).Count;
        }

        // A cancel came between reading and writing, or an attempt was given back: judged once more, it counts.
        if (unchanged > 0)
        {
            var again = await store.HeldTasksAsync(ticket.Id, CancellationToken.None);
            await store.ApplyAsync(ticket.Id, ticket.Executor, [.. again.Select(task => Judge(ticket, task, scene))], CancellationToken.None);
        }
    }

    private static IReadOnlyList<(TaskId Task, bool Charged)> Parts(HeldTask[] tasks, CrashScene? scene) =>
    [
        .. tasks.Select(task => (task.Id, Part: PartOf(task, scene))).Where(static one => one.Part is not null and not CrashPart.Cleared)
            .Select(static one => (one.Id, one.Part is CrashPart.Near or CrashPart.Guilty)),
    ];

    /// <summary>Null for a task that cannot have been begun: it had no part.</summary>
    private static CrashPart? PartOf(HeldTask task, CrashScene? scene) => scene is { } there && task.Begun
        ? CrashRules.Judge(task.Claim.Crashes, there.Culprit is not null, there.Culprit == task.Id, !there.HadOthers)
        : null;

    /// <summary>Only what may have been begun can have killed its executor; the rest loses nothing.</summary>
    private static AttemptResult Judge(LostTicket ticket, HeldTask task, CrashScene? scene) =>
        PartOf(task, scene) is { } part && ticket.AgeMs is { } age
            ? new(task.Id, AttemptRules.Decide(task.Claim, new AttemptEnd.Crashed(part)), age, age, task.Place)
            : new(task.Id, AttemptRules.Decide(task.Claim, AttemptEnd.WasGivenBack), null, 0, task.Place);

    private static async Task RepeatAsync(Func<int, CancellationToken, Task<int>> some, CancellationToken cancellation, int mostRounds = MostRounds)
    {
        for (var round = 0; round < mostRounds && await some(RowsAtOnce, cancellation) == RowsAtOnce; round++)
        {
        }
    }
}
